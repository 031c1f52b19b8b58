import ArgumentParser
import Foundation
import SoundpostChannels

/// `soundpost channel echo`: the smallest server of a channel.
struct ChannelEchoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Answers every request with its own data and sends every event and data message back.",
        discussion: """
            Prints the path of its socket when clients can connect, and serves any number of them. SIGINT and SIGTERM \
            end it in order.

            Example:
              soundpost channel echo hello --kind shm
            """
    )

    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case local, shm
    }

    @Argument(help: "Name of the channel: 1 to 64 letters, digits, '_', '-' or '.'.")
    var name: String

    @Option(help: "A local socket, or shared memory.")
    var kind = Kind.local

    @Option(help: ArgumentHelp("Bytes of each direction's ring in shared memory.", valueName: "bytes"))
    var ring: Int?

    @Flag(help: "Shared memory: look for messages for up to a millisecond before sleeping, which occupies a core.")
    var spin = false

    /// How long what was accepted may take to leave at the end.
    private static let drainTime = Duration.seconds(2)

    func validate() throws {
        if let ring {
            guard kind == .shm else { throw ValidationError("--ring: only shared memory has rings; add --kind shm.") }
            guard (1...1 << 30).contains(ring) else {
                throw ValidationError("--ring \(ring): a ring has 1…\(1 << 30) bytes.")
            }
        }
        guard !spin || kind == .shm else { throw ValidationError("--spin: only shared memory spins; add --kind shm.") }
    }

    func run() throws {
        let shutdown = ShutdownState()
        let options = ChannelOptions(shutdown: shutdown)
        do {
            switch kind {
            case .local:
                let server = try LocalSocketServer(name)
                try serve(server.path, { () throws(ChannelError) in try server.accept(options: options) }, server.close)
            case .shm:
                let server = try SharedMemoryServer(
                    name, ringBytes: ring ?? SharedMemoryServer.usualRingBytes, wait: spin ? .spinning : .sleeping)
                try serve(server.path, { () throws(ChannelError) in try server.accept(options: options) }, server.close)
            }
        } catch let error as ChannelError {
            throw CommandFailure(error.description)
        }
        shutdown.shutdown()
        // A client that does not read what it is sent does not keep the server.
        _ = shutdown.waitForDrain(timeout: Self.drainTime)
    }

    /// Until a signal comes.
    private func serve(
        _ path: String, _ accept: () throws(ChannelError) -> Channel, _ close: @escaping @Sendable () -> Void
    ) throws {
        let interruption = Interruption(then: close)
        defer { withExtendedLifetime(interruption) { close() } }
        Terminal.print(path)
        while true {
            do throws(ChannelError) {
                let client = try accept()
                let thread = Thread { Self.echo(client) }
                thread.name = "echo"
                thread.start()
            } catch {
                // Closed by the signal.
                if error.code == .disconnected { return }
                throw error
            }
        }
    }

    /// One client, until it ends.
    private static func echo(_ channel: Channel) {
        while true {
            do throws(ChannelError) {
                let message = try channel.receive()
                switch message.kind {
                case .request: try channel.respond(to: message, message.data)
                case .event, .data: try channel.send(message)
                case .response, .ping, .pong, .ready: break
                }
            } catch {
                // One message that was none; the next one may be.
                guard error.code == .serialization else { return }
                Terminal.note("\(error)")
            }
        }
    }
}
