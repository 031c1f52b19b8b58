import Foundation
import Testing

@testable import ControlServer

struct ArchiveTests {
    @Test func sendsTheArchiveAsAFile() async throws {
        let archive = Data("PK, say".utf8)
        try await TestServer.run(backend: ScriptedBackend(archive: archive)) { server in
            let response = try await server.request("GET /api/archive")
            #expect(response.status == 200)
            #expect(response.fields["content-type"] == "application/zip")
            #expect(response.fields["content-disposition"] == "attachment; filename=\"soundpost-archive.zip\"")
            #expect(response.body == "PK, say")
            #expect(try server.backend.filesOnTheirWay.isEmpty)
            let head = try await server.request("HEAD /api/archive")
            #expect(head.status == 200)
            #expect(head.fields["content-type"] == "application/zip")
        }
    }

    @Test func takesAnArchiveAndSaysWhatItBrought() async throws {
        try await TestServer.run { server in
            let response = try await server.post("/api/archive", [1, 2, 3], type: "application/zip")
            #expect(response.status == 200)
            #expect(response.body.contains(#""files":1"#))
            #expect(response.body.contains(#""chainReplaced":false"#))
            var events = server.backend.events.makeAsyncIterator()
            guard case .imported(let peer, let data) = await events.next() else {
                Issue.record("nothing was imported")
                return
            }
            #expect(peer.hasPrefix("127.0.0.1:"))
            #expect(data == Data([1, 2, 3]))
            #expect(try server.backend.filesOnTheirWay.isEmpty)
        }
    }

    @Test func givesTheNodesRefusalOn() async throws {
        try await TestServer.run { server in
            let response = try await server.post("/api/archive", [], type: "application/zip")
            #expect(response.status == 400)
            #expect(response.body.contains(#""code":"bad_archive""#))
        }
    }

    @Test func aClientThatDoesNotTakeTheArchiveIsCutOffAndGivesItsPlaceBack() async throws {
        let backend = ScriptedBackend(archive: Data(count: 64 << 20))
        try await TestServer.run(
            backend: backend,
            limits: {
                $0.transfers = 1
                $0.bodyTime = .seconds(3)
            }
        ) { server in
            let stuck = try await TestClient(port: server.port, reads: false)
            stuck.sendLater(Array(stuck.requestText("GET /api/archive", ["Host: 127.0.0.1:\(server.port)"]).utf8))
            while try await server.request("HEAD /api/archive").status != 503 {
                await Task.yield()
            }
            while try await server.request("HEAD /api/archive").status == 503 {
                await Task.yield()
            }
        }
    }
}
