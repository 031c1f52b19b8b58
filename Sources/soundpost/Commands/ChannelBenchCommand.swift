import ArgumentParser
import Foundation
import SoundpostChannels

/// `soundpost channel bench`: how fast channels are on this machine.
struct ChannelBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures round trips and the rate one way between two processes.",
        discussion: """
            Every message is written by its sender and summed by its receiver; the sums are compared. 'raw' is bytes: \
            encoded lines, or records in shared memory where they lie. 'json' is messages with a string of that size. \
            Spinning ends are pinned to the first and the last processor (Linux). 'block' waits as channels do by \
            default, which in shared memory is to look for some microseconds before sleeping; 'kernel' sleeps at once. \
            'thread' is two threads of one process, which encode nothing.

            Example:
              soundpost channel bench --kind shm --wait both --sizes 64,65536
            """
    )

    enum Kinds: Hashable, ExpressibleByArgument {
        case one(BenchCase.Kind)
        case all

        init?(argument: String) {
            if argument == "all" {
                self = .all
            } else if let kind = BenchCase.Kind(rawValue: argument) {
                self = .one(kind)
            } else {
                return nil
            }
        }

        static var allValueStrings: [String] { BenchCase.Kind.allCases.map(\.rawValue) + ["all"] }
        var defaultValueDescription: String { "all" }
    }

    enum Waits: Hashable, ExpressibleByArgument {
        case one(BenchCase.Wait)
        case both

        init?(argument: String) {
            if argument == "both" {
                self = .both
            } else if let wait = BenchCase.Wait(rawValue: argument) {
                self = .one(wait)
            } else {
                return nil
            }
        }

        static var allValueStrings: [String] { BenchCase.Wait.allCases.map(\.rawValue) + ["both"] }
        var defaultValueDescription: String { "both" }
    }

    @Option(help: "What carries the messages.")
    var kind = Kinds.all

    @Option(help: "How an end waits; 'both' is spin and block.")
    var wait = Waits.both

    @Option(help: ArgumentHelp("Bytes of a message; commas between several.", valueName: "bytes"))
    var sizes = "18,64,1024,65536,1048576"

    @Option(help: "At most so long for each of the two measurements of a case.")
    var seconds = 0.4

    @Flag(help: "Print JSON, one object a line.")
    var json = false

    @Option(help: .hidden)
    var encoding: BenchCase.Encoding?

    /// The responder: where the initiator's socket is.
    @Option(help: .hidden)
    var respond: String?

    private static let sizeRange = 1...8 << 20

    private func parsedSizes() throws -> [Int] {
        try sizes.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let size = Int(text.trimmingCharacters(in: .whitespaces)), Self.sizeRange.contains(size),
                size != BenchControl.size
            else {
                throw ValidationError(
                    "--sizes \(text): a message has \(Self.sizeRange.lowerBound)…\(Self.sizeRange.upperBound) bytes, "
                        + "and not \(BenchControl.size).")
            }
            return size
        }
    }

    func validate() throws {
        _ = try parsedSizes()
        guard seconds.isFinite, (0.001...60).contains(seconds) else {
            throw ValidationError("--seconds \(seconds): a measurement takes 0.001…60 seconds.")
        }
        if case .one(let kind) = kind, case .one(let wait) = wait, !BenchCase.exists(kind, wait) {
            let others = BenchCase.Wait.allCases.filter { BenchCase.exists(kind, $0) }.map(\.rawValue)
            throw ValidationError(
                "--wait \(wait.rawValue): '\(kind.rawValue)' has only \(others.joined(separator: " and ")).")
        }
    }

    private func cases() throws -> [BenchCase] {
        let kinds = if case .one(let kind) = kind { [kind] } else { BenchCase.Kind.allCases }
        let waits: [BenchCase.Wait] = if case .one(let wait) = wait { [wait] } else { [.spin, .block] }
        let encodings = encoding.map { [$0] } ?? BenchCase.Encoding.allCases
        var cases: [BenchCase] = []
        for size in try parsedSizes() {
            for kind in kinds {
                for wait in waits where BenchCase.exists(kind, wait) {
                    cases += encodings.map { BenchCase(kind: kind, wait: wait, encoding: $0, size: size) }
                }
            }
        }
        return cases
    }

    func run() throws {
        let cases = try cases()
        if let respond {
            guard cases.count == 1 else { throw ValidationError("--respond is for one case.") }
            return try naming { try BenchRun(measured: cases[0], seconds: seconds, folder: respond).respond() }
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "soundpost-bench-\(getpid())")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        if !json { Terminal.print(BenchResult.head) }
        for measured in cases {
            let run = BenchRun(measured: measured, seconds: seconds, folder: folder.path)
            let result = BenchResult(measured, try naming { try run.initiate() })
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = .sortedKeys
                Terminal.print(String(decoding: try encoder.encode(result), as: UTF8.self))
            } else {
                Terminal.print(result.row)
            }
        }
    }

    private func naming<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as ChannelError {
            throw CommandFailure(error.description)
        }
    }
}
