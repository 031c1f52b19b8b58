internal import Foundation
internal import SoundpostChannels
internal import WireFormats

/// `channel-exercise ROLE NAME --kind local|shm [--server]`: the same program exists in Python and Rust. The roles are
/// described in scripts/tests/channels/exercise.py, what they do in fixtures/channels. Prints a line of JSON for each
/// step.
@main
struct ChannelExercise {
    static func main() {
        do {
            try run()
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count == 4 || words.count == 5 && words[4] == "--server", words[2] == "--kind" else { usage() }
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let fixtures = try Fixtures(root.appending(path: "fixtures/channels"))
        let channel = try channel(words[1], isShared: words[3] == "shm", isServer: words.count == 5)
        guard Exercise(channel: channel, fixtures: fixtures).play(words[0]) else { usage() }
    }

    private static func channel(_ name: String, isShared: Bool, isServer: Bool) throws -> Channel {
        switch (isShared, isServer) {
        case (false, false): return try .connectLocalSocket(name)
        case (true, false): return try .connectSharedMemory(name)
        case (false, true):
            let server = try LocalSocketServer(name)
            Exercise.say(["state": "listening"])
            return try server.accept(timeout: .seconds(60))
        case (true, true):
            let server = try SharedMemoryServer(name)
            Exercise.say(["state": "listening"])
            return try server.accept(timeout: .seconds(60))
        }
    }

    private static func usage() -> Never {
        FileHandle.standardError.write(Data("usage: channel-exercise ROLE NAME --kind local|shm [--server]\n".utf8))
        exit(64)
    }
}
