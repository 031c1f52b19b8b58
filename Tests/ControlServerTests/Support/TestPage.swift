import Foundation

/// A directory with the files of a page, for the length of one closure.
struct TestPage {
    let directory: URL

    static let files = [
        "index.html": "<!doctype html><title>page</title>",
        "app.js": "console.log(1);",
        "app.css": "body { margin: 0; }",
        "icon.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    ]

    /// - Parameter files: contents by name; a name may lead into a directory of its own.
    static func with(_ files: [String: String] = files, _ body: (TestPage) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "soundpost-page-\(UUID().uuidString)")
        let page = TestPage(directory: directory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            do {
                try FileManager.default.removeItem(at: directory)
            } catch {
                // The system clears its temporary directory.
            }
        }
        for (name, text) in files {
            try page.write(text, to: name)
        }
        try await body(page)
    }

    func file(_ name: String) -> URL {
        directory.appending(path: name, directoryHint: .notDirectory)
    }

    /// - Parameter age: seconds since the file was last changed.
    func write(_ text: String, to name: String, age: TimeInterval = 0) throws {
        let file = file(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        let date = Date(timeIntervalSinceNow: -age)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
    }
}
