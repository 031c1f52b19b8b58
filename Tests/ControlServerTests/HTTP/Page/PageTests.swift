import Foundation
import Testing

@testable import ControlServer

/// The page over real sockets.
struct PageTests {
    @Test func itsFilesAreServedWithTheirTypes() async throws {
        try await TestPage.with { page in
            try await TestServer.run(page: page.directory) { (server: TestServer) async throws in
                for (path, type) in [
                    ("/", "text/html; charset=utf-8"), ("/index.html", "text/html; charset=utf-8"),
                    ("/app.js?v=1", "text/javascript"), ("/app.css", "text/css"), ("/icon.svg", "image/svg+xml"),
                ] {
                    let response = try await server.request("GET \(path)")
                    #expect(response.status == 200)
                    #expect(response.fields["content-type"] == type)
                    #expect(response.fields["cache-control"] == "no-cache")
                    #expect(response.fields["vary"] == "Accept-Encoding, Origin")
                    #expect(response.fields["x-content-type-options"] == "nosniff")
                    #expect(response.fields["content-encoding"] == nil)
                }
                #expect(try await server.request("GET /").body == TestPage.files["index.html"])
                #expect(try await server.request("GET /app.js").body == TestPage.files["app.js"])
            }
        }
    }

    @Test func thePageMayLoadItsOwnFilesAndNothingElse() async throws {
        try await TestPage.with { page in
            try await TestServer.run(page: page.directory) { (server: TestServer) async throws in
                let policy = try #require(try await server.request("GET /").fields["content-security-policy"])
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; "))
                #expect(policy.hasSuffix("base-uri 'none'; form-action 'none'; frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe") && !policy.contains("*"))
                let script = try await server.request("GET /app.js")
                #expect(
                    script.fields["content-security-policy"] == ResponseHeaders.closedPolicy + "; connect-src 'self'")
            }
        }
    }

    @Test func aCopyThatIsStillGoodIsNotSentAgain() async throws {
        try await TestPage.with { page in
            try await TestServer.run(page: page.directory) { (server: TestServer) async throws in
                let first = try await server.request("GET /")
                let tag = try #require(first.fields["etag"])
                let second = try await server.request("GET /", ["If-None-Match: \(tag)"])
                #expect(second.status == 304)
                #expect(second.body.isEmpty)
                #expect(second.fields["etag"] == tag)
                #expect(second.fields["content-length"] == nil)
                #expect(second.fields["content-security-policy"] == first.fields["content-security-policy"])
                #expect(try await server.request("GET /app.js", ["If-None-Match: \(tag)"]).status == 200)
            }
        }
    }

    @Test func isReadAgainWhenItWasBuiltAgain() async throws {
        try await TestPage.with { page in
            try await TestServer.run(page: page.directory) { (server: TestServer) async throws in
                let tag = try #require(try await server.request("GET /app.js").fields["etag"])
                try page.write("console.log(2);", to: "app.js", age: 60)
                let changed = try await server.request("GET /app.js", ["If-None-Match: \(tag)"])
                #expect(changed.status == 200)
                #expect(changed.body == "console.log(2);")
                try page.write("added();", to: "chunk-1.js")
                #expect(try await server.request("GET /chunk-1.js").body == "added();")
                try FileManager.default.removeItem(at: page.directory)
                #expect(try await server.request("GET /app.js").status == 404)
                let gone = try await server.request("GET /")
                #expect(gone.status == 404)
                #expect(gone.body.contains(#""code":"no_page""#))
            }
        }
    }

    @Test func theCompressedCopyStandsForAFileThatIsNoNewer() async throws {
        try await TestPage.with { page in
            try page.write("plain", to: "app.js", age: 60)
            try page.write("packed", to: "app.js.gz", age: 60)
            try await TestServer.run(page: page.directory) { (server: TestServer) async throws in
                let packed = try await server.request("GET /app.js", ["Accept-Encoding: br, gzip"])
                #expect(packed.fields["content-encoding"] == "gzip")
                #expect(packed.fields["content-type"] == "text/javascript")
                #expect(packed.body == "packed")
                let plain = try await server.request("GET /app.js")
                #expect(plain.body == "plain")
                #expect(plain.fields["etag"] != packed.fields["etag"])
                try page.write("newer", to: "app.js")
                #expect(try await server.request("GET /app.js", ["Accept-Encoding: gzip"]).body == "newer")
            }
        }
    }

    @Test func answersHEADWithoutABody() async throws {
        try await TestPage.with { page in
            try await TestServer.run(page: page.directory) { (server: TestServer) async throws in
                let head = try await server.request("HEAD /app.js")
                #expect(head.status == 200)
                #expect(head.fields["content-length"] == "15")
                let get = try await server.request("GET /app.js")
                #expect(head.fields["etag"] == get.fields["etag"])
            }
        }
    }

    @Test func linksDirectoriesAndLargeFilesAreNoFilesOfThePage() async throws {
        try await TestPage.with { page in
            let files = FileManager.default
            try page.write("secret", to: "secret.txt")
            try files.createSymbolicLink(at: page.file("link.js"), withDestinationURL: page.file("secret.txt"))
            try files.createDirectory(at: page.file("directory.js"), withIntermediateDirectories: true)
            try #require(mkfifo(page.file("pipe.js").path, 0o600) == 0)
            try Data(count: PageFiles.fileLimit + 1).write(to: page.file("large.js"))
            try page.write("packed", to: "app.css.gz")
            try await TestServer.run(page: page.directory) { (server: TestServer) async throws in
                for name in [
                    "link.js", "directory.js", "pipe.js", "large.js", "secret.txt", "app.css.gz", "none.js", "%61pp.js",
                    "directory.js/../app.js", "..%2fapp.js",
                ] {
                    let response = try await server.request("GET /\(name)")
                    #expect(response.status == 404, "\(name)")
                    #expect(response.body.contains(#""code":"not_found""#), "\(name)")
                }
            }
        }
    }

    @Test func pathsOfTheServerComeBeforeFiles() async throws {
        try await TestPage.with(["index.html": "", "docs.css": "mine", "status.css": "mine"]) { page in
            try await TestServer.run(page: page.directory) { (server: TestServer) async throws in
                #expect(try await server.request("GET /docs.css").body == DocumentationPage.style)
                #expect(try await server.request("GET /healthz").body == #"{"status":"ok"}"#)
                let status = try await server.request("GET /status")
                #expect(status.body.contains("48000 Hz"))
                #expect(status.body.contains(#"href="/""#))
            }
        }
    }

    @Test func withoutOneTheRootTellsWhatRunsAndHowToBuildIt() async throws {
        try await TestServer.run { (server: TestServer) async throws in
            let response = try await server.request("GET /")
            #expect(response.body.contains("scripts/page"))
            let status = try await server.request("GET /status")
            #expect(response.body == status.body)
            #expect(try await server.request("GET /app.js").status == 404)
        }
    }

    @Test func itsFilesNeedNoTokenAndEverythingElseDoes() async throws {
        try await TestPage.with { page in
            let token = try AccessToken(text: "correct-horse-battery")
            try await TestServer.run(token: token, page: page.directory) { (server: TestServer) async throws in
                for line in ["GET /", "HEAD /", "GET /app.js", "GET /index.html?x=1"] {
                    #expect(try await server.request(line).status == 200, "\(line)")
                }
                #expect(try await server.request("GET /none.js").status == 404)
                #expect(try await server.request("GET /app.js", ["Authorization: Bearer wrong"]).status == 200)
                for line in [
                    "POST /", "POST /app.js", "GET /status", "GET /docs", "GET /api/status", "GET /metrics", "GET /ws",
                    "GET /%61pp.js", "GET //", "GET /api/app.js", "GET /nothing",
                ] {
                    #expect(try await server.request(line).status == 401, "\(line)")
                }
                let foreign = ["Origin: http://evil.example"]
                #expect(try await server.request("GET /app.js", foreign).status == 403)
                let embedded = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"]
                #expect(try await server.request("GET /app.js", embedded).status == 403)
            }
        }
    }

    @Test func aReloadTakesAnotherDirectory() async throws {
        try await TestPage.with { page in
            try await TestServer.run { (server: TestServer) async throws in
                #expect(try await server.request("GET /app.js").status == 404)
                try server.control.reload(
                    try ControlServerConfiguration(port: 0, page: page.directory, limits: TestServer.patientLimits))
                #expect(try await server.request("GET /app.js").status == 200)
            }
        }
    }
}
