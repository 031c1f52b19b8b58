import NIOCore
import Testing

@testable import ControlServer

struct PageFileNameTests {
    @Test(arguments: [
        ("/", "text/html; charset=utf-8"), ("/index.html", "text/html; charset=utf-8"), ("/app.js", "text/javascript"),
        ("/app-3F_a.min.css", "text/css"), ("/icon.svg", "image/svg+xml"), ("/app.js.map", "application/json"),
        ("/site.webmanifest", "application/manifest+json"), ("/x.png", "image/png"),
    ])
    func knowsTheTypeByTheEnding(path: String, type: String) {
        #expect(PageFileName(path: path)?.type == type)
    }

    @Test(arguments: [
        "", "app.js", "//app.js", "/a/app.js", "/../app.js", "/..", "/.js", "/.hidden.js", "/app.JS", "/app", "/app.",
        "/app.js.gz", "/app.wasm", "/app.js/", "/a b.js", "/%61pp.js", "/app.js%00", "/ä.js", "/a\\b.js", "/docs",
        "/api/status", "/\(String(repeating: "a", count: 126)).js",
    ])
    func whatCouldLeadElsewhereIsNoName(path: String) {
        #expect(PageFileName(path: path) == nil)
    }
}

struct EntityTagTests {
    private let tag = EntityTag(of: ByteBuffer(string: "page"))

    @Test func isMadeOfTheBytes() {
        #expect(tag == EntityTag(of: ByteBuffer(string: "page")))
        for other in ["", "Page", "page ", "egap"] {
            #expect(tag != EntityTag(of: ByteBuffer(string: other)))
        }
        #expect(tag.text.wholeMatch(of: /"[0-9a-f]+-4"/) != nil)
    }

    @Test func isKnownToWhoeverNamesIt() {
        let own = tag.text
        for fields in [[own], ["W/\(own)"], ["\"a\", \(own) ,\"b\""], ["\"a\"", own], ["*"]] {
            #expect(tag.isKnown(to: fields), "\(fields)")
        }
        for fields in [[], [""], ["\"a\""], [String(own.dropFirst())], ["\(own)x"], [","], ["W/"]] {
            #expect(!tag.isKnown(to: fields), "\(fields)")
        }
    }
}

struct ContentCodingTests {
    @Test(arguments: [
        "gzip", "GZIP", "deflate, gzip;q=0.1", "gzip, deflate, br, zstd", "*", "br;q=1, *;q=0.2", "gzip ; q=1.0",
    ])
    func gzipIsAcceptedWhereItIsNamed(field: String) {
        #expect(ContentCoding.acceptsGzip([field]))
    }

    @Test(arguments: ["", "identity", "gzip;q=0", "gzip;q=0.000, *", "br", "*;q=0", "gzip;q=x", "xgzip"])
    func andNowhereElse(field: String) {
        #expect(!ContentCoding.acceptsGzip([field]))
    }
}
