import ChainModel
import ControlProtocol
import Testing
import WireFormats

/// What the node says of extensions when it has none; with one: Tests/ExtensionsTests and the browser's tests.
@Suite struct ExtensionsTests {
    @Test func aNodeWithoutExtensionsSaysSo() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            let list = try await bed.ask(client, #"{"type":"list_extensions"}"#)
            #expect(list.type == "extension_list" && list.json["extensions"] == .array([]))
            let result = try await bed.ask(client, #"{"type":"call_extension","extension":"x","method":"y"}"#)
            #expect(result.type == "extension_result" && result["success"] == false && result["code"] == "not_running")
            let restart = try await bed.ask(client, #"{"type":"restart_extension","extension":"x"}"#)
            #expect(restart.type == "error" && restart["field"] == "extension")
            let timeout = try await bed.ask(
                client, #"{"type":"call_extension","extension":"x","method":"y","timeoutMs":0}"#)
            #expect(timeout.type == "error" && timeout["field"] == "timeoutMs")
        }
    }
}
