import ArgumentParser
import Foundation
import SoundpostChannels
import WireFormats

/// `soundpost channel echo`: the smallest server of a channel, or without a name the smallest helper.
struct ChannelEchoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Answers every request with its own data and sends every event and data message back.",
        discussion: """
            With a name it prints the path of its socket when clients can connect, and serves any number of them. \
            Without one it is the client of the channel that SOUNDPOST_IPC_CHANNEL and SOUNDPOST_IPC_MODE say (stdio: \
            messages come on stdin and go to stdout), and announces itself as a helper does. SIGINT and SIGTERM end it \
            in order.

            Examples:
              soundpost channel echo hello --kind shm
              SOUNDPOST_IPC_MODE=stdio soundpost channel echo < messages.jsonl
            """
    )

    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case local, shm
    }

    @Argument(help: "Name of the channel: 1 to 64 letters, digits, '_', '-' or '.'.")
    var name: String?

    @Option(help: "A local socket (what a name means by itself), or shared memory.")
    var kind: Kind?

    @Option(help: ArgumentHelp("Where its socket is, instead of the user's own directory.", valueName: "folder"))
    var directory: String?

    @Option(
        help: ArgumentHelp(
            "Members of this group may connect too; the directory has to let them in (mode 0750, of the group).",
            valueName: "group"))
    var group: String?

    @Option(help: ArgumentHelp("Bytes of each direction's ring in shared memory.", valueName: "bytes"))
    var ring: Int?

    @Flag(help: "Shared memory: look for messages for up to a millisecond before sleeping, which occupies a core.")
    var spin = false

    /// How long what was accepted may take to leave at the end.
    private static let drainTime = Duration.seconds(2)

    func validate() throws {
        guard name != nil || kind == nil else {
            throw ValidationError("--kind: only a channel with a name has one here.")
        }
        if let ring {
            guard kind == .shm else { throw ValidationError("--ring: only shared memory has rings; add --kind shm.") }
            guard (1...1 << 30).contains(ring) else {
                throw ValidationError("--ring \(ring): a ring has 1…\(1 << 30) bytes.")
            }
        }
        guard group == nil || directory != nil else {
            throw ValidationError("--group: nobody else may enter the user's own directory; add --directory.")
        }
        guard name != nil || directory == nil else {
            throw ValidationError("--directory: only a channel with a name has one here.")
        }
        guard !spin || kind == .shm else { throw ValidationError("--spin: only shared memory spins; add --kind shm.") }
    }

    func run() throws {
        let shutdown = ShutdownState()
        let options = ChannelOptions(shutdown: shutdown)
        do {
            guard let name else { return try help(options) }
            switch kind ?? .local {
            case .local:
                let server = try LocalSocketServer(name, in: place())
                try serve(server.path, { () throws(ChannelError) in try server.accept(options: options) }, server.close)
            case .shm:
                let server = try SharedMemoryServer(
                    name, ringBytes: ring ?? SharedMemoryServer.usualRingBytes, wait: spin ? .spinning : .sleeping,
                    in: place())
                try serve(server.path, { () throws(ChannelError) in try server.accept(options: options) }, server.close)
            }
        } catch let error as ChannelError {
            throw CommandFailure(error.description)
        }
        end(shutdown)
    }

    private func place() throws(ChannelError) -> SocketPlace {
        guard let directory else { return .userDirectory }
        guard let group else { return SocketPlace(directory: directory) }
        return try SocketPlace(directory: directory, group: group)
    }

    private func end(_ shutdown: ShutdownState) {
        shutdown.shutdown()
        // A client that does not read what it is sent does not keep the server.
        _ = shutdown.waitForDrain(timeout: Self.drainTime)
    }

    /// The helper that the environment asks for.
    private func help(_ options: ChannelOptions) throws {
        let factory = ChannelFactory()
        guard try factory.detectedKind() != .thread else {
            throw CommandFailure("No channel: give a name, or set SOUNDPOST_IPC_CHANNEL.")
        }
        let channel = try factory.create(nil, options)
        let interruption = Interruption {
            channel.shutdown()
            try? channel.waitForDrain(timeout: Self.drainTime)
            channel.close()
        }
        try channel.send(Message(.ready, data: ["handlers": ["echo"]]))
        withExtendedLifetime(interruption) { Self.echo(channel) }
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
