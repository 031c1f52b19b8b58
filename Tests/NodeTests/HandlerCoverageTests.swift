import ChainModel
import ControlProtocol
import Foundation
import Node
import Testing

@Suite struct HandlerCoverageTests {
    private static let fixtures = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "fixtures/messages", directoryHint: .isDirectory)

    private func responseType<Request: ControlRequest>(of request: Request.Type) -> String {
        Request.Response.type
    }

    @Test func everyRequestIsAnsweredWithItsResponseOrAnError() async throws {
        try await TestBed.run { bed in
            for request in MessageCatalog.standard.requests {
                let client = await bed.client()
                let fixture = Self.fixtures.appending(path: "\(request.type).json")
                let text = String(decoding: try Data(contentsOf: fixture), as: UTF8.self)
                await bed.send(text, from: client)
                func answers() -> [RecordingClient.Message] {
                    client.messages.filter { [responseType(of: request), "error"].contains($0.type) }
                }
                // Its answer comes out of turn.
                while request == CallExtension.self, answers().isEmpty { await Task.yield() }
                let answers = answers()
                #expect(!answers.isEmpty, "\(request.type)")
                #expect(!answers.contains { $0["code"] == "unsupported" }, "\(request.type) has no handler")
                await bed.node.disconnect(client.id)
            }
        }
    }
}
