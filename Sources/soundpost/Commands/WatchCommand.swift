import ArgumentParser
import ControlProtocol
import Foundation
import SoundpostClient
import UnixSignals

/// `soundpost watch`: what happens on a node, as it happens.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Prints what changes on a node, a line each, until it is interrupted.",
        discussion: """
            A lost connection is said on standard error and tried again. Without --events everything is printed but \
            meters, log lines and the engine's regular reports.

            Example:
              soundpost watch --events param_update,link_updated --json
            """
    )

    /// Types that come all the time, so they are printed on request only.
    private static let regular: Set<String> = [DebugMetrics.type, LogLine.type, AudioEngineStatus.type]

    @Option(
        help: ArgumentHelp("Types of events to print, with commas between them; 'all' for all.", valueName: "types"))
    var events: String?

    @Option(help: ArgumentHelp("Print load and levels every so many milliseconds, 50…10000.", valueName: "ms"))
    var meters: Int?

    @Flag(help: "Print the node's JSON, one event a line.")
    var json = false

    @OptionGroup var node: NodeOptions

    func validate() throws {
        if let meters, !(50...10_000).contains(meters) {
            throw ValidationError("--meters \(meters): 50…10000 milliseconds.")
        }
        let known = Set(MessageCatalog.standard.events.map { $0.type })
        for type in chosen ?? [] where type != "all" && !known.contains(type) {
            throw ValidationError("--events \(type): there are \(known.sorted().joined(separator: ", ")) and all.")
        }
    }

    func run() async throws {
        let client: SoundpostClient
        do {
            client = try await SoundpostClient.connect(try node.configuration())
        } catch {
            throw CommandFailure(talkingToNode: error)
        }
        let changes = client.events
        let states = client.states
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let outcome = await withTaskGroup(of: Result<Void, any Error>.self) { group in
            group.addTask { await result { try await show(changes) } }
            group.addTask { await result { try await follow(states, of: client) } }
            group.addTask { await result { for await _ in signals { return } } }
            let first = await group.next() ?? .success(())
            await client.close()
            group.cancelAll()
            return first
        }
        try outcome.get()
    }

    private var chosen: Set<String>? {
        events.map { Set($0.split(separator: ",").map { String($0.trimmingPrefix(" ")) }) }
    }

    private func isShown(_ type: String) -> Bool {
        if type == DebugMetrics.type, meters != nil { return true }
        guard let chosen else { return !Self.regular.contains(type) }
        return chosen.contains("all") || chosen.contains(type)
    }

    private func show(_ events: NodeEvents) async throws {
        for await event in events {
            switch event {
            case .message(let event):
                guard isShown(type(of: event).type) else { continue }
                Terminal.print(try json ? EventLine.json(event) : EventLine.text(event))
            case .unknown(let type, let value):
                guard isShown(type) else { continue }
                Terminal.print(try EventLine.json(value))
            case .missed(let count):
                Terminal.note("\(count) changes are missing here: they came faster than they could be printed")
            }
        }
    }

    /// Says what the connection does, and asks for meters whenever there is a new one.
    private func follow(_ states: AsyncStream<ConnectionState>, of client: SoundpostClient) async throws {
        for await state in states {
            switch state {
            case .connected:
                if let meters { try await client.startMeters(every: .milliseconds(meters)) }
            case .waiting(let delay, let cause):
                Terminal.note(
                    "\(cause) Trying again in \(delay.formatted(.units(allowed: [.seconds, .milliseconds]))).")
            case .connecting, .closed(because: nil):
                break
            case .closed(let cause?):
                throw CommandFailure(talkingToNode: cause)
            }
        }
    }

    private func result(_ work: () async throws -> Void) async -> Result<Void, any Error> {
        do {
            return .success(try await work())
        } catch {
            return .failure(CommandFailure(talkingToNode: error))
        }
    }
}
