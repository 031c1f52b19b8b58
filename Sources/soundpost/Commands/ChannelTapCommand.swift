import ArgumentParser
import ControlProtocol
import Foundation
import SoundpostChannels
import SoundpostClient

/// `soundpost channel tap`: the level of a wire, read sample by sample through shared memory.
struct ChannelTapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "Opens a tap at a running node of this machine and prints the level of what it carries, a line each.",
        discussion: """
            Peak and RMS are dBFS of each channel: a sine at full scale has 0 and -3.01. It ends with the tap, after \
            --count lines, or when it is interrupted.

            Example:
              soundpost channel tap gain#1 --count 10 --json
            """
    )

    enum Port: String, CaseIterable, ExpressibleByArgument {
        case input, output
    }

    @Argument(help: "Module, such as gain#1; $io for the chain's own ends.")
    var instance: String

    @Option(help: "What goes into the module, or what comes out of it.")
    var port = Port.output

    @Option(help: ArgumentHelp("Milliseconds of sound that a line sums up, 10…60000.", valueName: "ms"))
    var interval = 1000

    @Option(help: ArgumentHelp("End after so many lines.", valueName: "lines"))
    var count: Int?

    @Flag(help: "Print JSON, an object a line.")
    var json = false

    @OptionGroup var node: NodeOptions

    func validate() throws {
        guard (10...60_000).contains(interval) else {
            throw ValidationError("--interval \(interval): 10…60000 milliseconds.")
        }
        if let count, count < 1 { throw ValidationError("--count \(count): 1 or more lines.") }
    }

    func run() async throws {
        let tap = try await node.withClient { client in
            try await client.ask(OpenTap(instanceId: instance, port: port == .input ? .input : .output)).tap
        }
        // Reading waits, which the threads that tasks share must not.
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread { done.resume(with: Result { try listen(to: tap) }) }
        }
    }

    /// The stream's first record.
    private struct Form: Decodable {
        let sampleRate: Int
        let channels: Int
    }

    private func listen(to tap: String) throws {
        do {
            let connection = try RingConnection.connect(tap, codec: .raw)
            let interruption = Interruption { connection.close() }
            defer { withExtendedLifetime(interruption) { connection.close() } }
            guard let first = try Self.next(connection) else { return }
            let form = try Self.form(first, of: tap)
            var levels = TapLevels(
                instance: instance, port: port.rawValue, sampleRate: form.sampleRate, channels: form.channels,
                interval: Double(interval) / 1000)
            var rest = count ?? .max
            while rest > 0, let bytes = try Self.next(connection) {
                guard let record = TapRecord(bytes, channels: form.channels) else { throw Self.fault(tap) }
                for reading in levels.take(record).prefix(rest) {
                    Terminal.print(json ? try Self.line(reading) : reading.text)
                    rest -= 1
                }
            }
        } catch let error as ChannelError {
            throw CommandFailure(error.description)
        }
    }

    /// A copy of the next record: the other end could change it while it is looked at. Nil at the end.
    private static func next(_ connection: RingConnection) throws -> [UInt8]? {
        guard let record = try connection.borrow() else { return nil }
        return Array(record.bytes)
    }

    private static func form(_ bytes: [UInt8], of tap: String) throws -> Form {
        do {
            let form = try JSONDecoder().decode(Form.self, from: Data(bytes))
            guard form.sampleRate > 0, form.channels > 0 else { throw fault(tap) }
            return form
        } catch is DecodingError {
            throw fault(tap)
        }
    }

    private static func fault(_ tap: String) -> CommandFailure {
        CommandFailure("\(tap): a record is not as docs/protocols/audio-tap.md has it")
    }

    private static func line(_ reading: TapLevels.Reading) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(reading), as: UTF8.self)
    }
}
