import ChainModel
import ControlProtocol
import Extensions
import Foundation
import Testing
import WireFormats

@testable import Node

/// What the node makes of extensions; how they run: Tests/ExtensionsTests.
@Suite struct ExtensionsTests {
    @Test func aNodeWithoutExtensionsSaysSo() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let list = try await bed.ask(client, #"{"type":"list_extensions"}"#)
            #expect(list.type == "extension_list" && list.json["extensions"] == .array([]))
            let result = try await bed.askAside(client, #"{"type":"call_extension","extension":"x","method":"y"}"#)
            #expect(result.type == "extension_result" && result["success"] == false && result["code"] == "not_running")
            let restart = try await bed.ask(client, #"{"type":"restart_extension","extension":"x"}"#)
            #expect(restart.type == "error" && restart["field"] == "extension")
            let timeout = try await bed.ask(
                client, #"{"type":"call_extension","extension":"x","method":"y","timeoutMs":0}"#)
            #expect(timeout.type == "error" && timeout["field"] == "timeoutMs")
        }
    }

    /// One that answers `echo`, and never `hang`.
    private static func manifest(in folder: URL) throws -> ExtensionManifest {
        let program = """
            import threading
            from soundpost.extension import Extension
            extension = Extension(threads=4)
            extension.handler("echo")(lambda data: data)
            extension.handler("hang")(lambda data: threading.Event().wait())
            extension.run()
            """
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(program.utf8).write(to: folder.appending(path: "program.py"))
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "clients/python/src")
        var manifest = ExtensionManifest(
            id: "x", command: ["python3", "program.py"],
            environment: ["PYTHONPATH": package.path(percentEncoded: false)], folder: folder)
        manifest.grace = .zero
        return manifest
    }

    private func run(_ body: (TestBed, RecordingClient) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "soundpost-node-extension-\(UUID())")
        let manifest = try Self.manifest(in: folder)
        defer {
            do {
                try FileManager.default.removeItem(at: folder)
            } catch {
                Issue.record("The test's folder stays: \(error)")
            }
        }
        try await TestBed.run(extensions: [manifest]) { bed in
            let client = await bed.client()
            while try await bed.ask(client, #"{"type":"list_extensions"}"#).firstState != "ready" {
                await Task.yield()
            }
            try await body(bed, client)
        }
    }

    private static func call(_ method: String) -> String {
        #"{"type":"call_extension","extension":"x","method":"\#(method)","data":[1],"timeoutMs":600000}"#
    }

    @Test func aClientGoesOnWhileAnExtensionIsAsked() async throws {
        try await run { bed, client in
            await bed.send(Self.call("hang"), from: client)
            // Both are answered although the first question never is.
            let echo = try await bed.askAside(client, Self.call("echo"))
            #expect(echo["success"] == true && echo.json["data"] == .array([1]))
            #expect(try await bed.ask(client, #"{"type":"list_extensions"}"#).type == "extension_list")
            #expect(await bed.node.asideCount(of: client.id) == 1)
            await bed.node.disconnect(client.id)
            #expect(await bed.node.asideCount(of: client.id) == 0)
        }
    }

    @Test func aClientAsksNoMoreThanSoMuchAtATime() async throws {
        try await run { bed, client in
            for _ in 0..<AsideAnswers.most { await bed.send(Self.call("hang"), from: client) }
            let answer = try await bed.ask(client, Self.call("echo"))
            #expect(answer.type == "error" && answer["code"] == "busy")
            let other = await bed.client("bob")
            // The extension has no thread left, but the node says what it does not offer.
            #expect(try await bed.askAside(other, Self.call("nothing"))["code"] == "unsupported")
        }
    }

    @Test func whatGoesThroughItsChannelIsCounted() async throws {
        try await run { bed, client in
            _ = try await bed.askAside(client, Self.call("echo"))
            let figures = try #require(await bed.node.figures())
            let channel = try #require(figures.channels.first)
            #expect(channel.channel == "ext_x" && channel.kind == "local_socket")
            #expect(channel.messagesSent >= 1 && channel.messagesReceived >= 2 && channel.bytesReceived > 20)
            #expect(channel.latency?.requests == 1)
            #expect(figures.droppedExtensionEvents.map(\.id) == ["x"])
        }
    }
}

extension RecordingClient.Message {
    /// The state of the first extension in a list.
    fileprivate var firstState: String? {
        guard case .array(let items) = json["extensions"], case .object(let item) = items.first,
            case .string(let state) = item["state"]
        else { return nil }
        return state
    }
}
