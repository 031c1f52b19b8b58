import Foundation
import Testing

@testable import Extensions

@Suite struct ManifestTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(_ text: String, in name: String = "one") throws -> URL {
        let place = folder.url.appending(path: name, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: place.appending(path: ExtensionManifest.fileName))
        return place
    }

    @Test func everythingItSaysIsRead() throws {
        let place = try write(
            """
            {"id":"a_1","name":"A","version":"2","description":"d","command":["python3","x.py"],"env":{"K":"v"},
             "panel":"p","later":[1]}
            """)
        let manifest = try ExtensionManifest(folder: place)
        #expect(manifest.id == "a_1" && manifest.name == "A" && manifest.version == "2" && manifest.description == "d")
        #expect(manifest.command == ["python3", "x.py"] && manifest.environment == ["K": "v"] && manifest.panel == "p")
        #expect(manifest.folder == place)
    }

    @Test(arguments: [
        ("", "bad_json"), ("[]", "object"), (#"{"command":["x"]}"#, "id"), (#"{"id":"A","command":["x"]}"#, "id"),
        (#"{"id":"../x","command":["x"]}"#, "id"), (#"{"id":"a"}"#, "command"),
        (#"{"id":"a","command":[]}"#, "command"),
        (#"{"id":"a","command":"x"}"#, "command"), (#"{"id":"a","command":[1]}"#, "command"),
        (#"{"id":"a","command":["x\u0000"]}"#, "command"), (#"{"id":"a","command":["x"],"env":[]}"#, "env"),
        (#"{"id":"a","command":["x"],"env":{"A=B":"c"}}"#, "env"), (#"{"id":"a","command":["x"],"name":1}"#, "name"),
    ])
    func faultsNameTheFileAndTheKey(_ text: String, _ word: String) throws {
        let place = try write(text)
        let fault = #expect(throws: ExtensionManifest.Fault.self) { try ExtensionManifest(folder: place) }
        #expect(fault?.path.hasSuffix("one/extension.json") == true)
        if word != "bad_json" { #expect(fault?.reason.contains(word) == true) }
    }

    @Test func foldersOfExtensionsAreLookedThrough() throws {
        let a = try write(#"{"id":"a","command":["x"]}"#, in: "a")
        _ = try write(#"{"id":"b","command":["x"]}"#, in: "b")
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "other"), withIntermediateDirectories: true)
        #expect(try ExtensionManifest.all(in: [folder.url]).map(\.id) == ["a", "b"])
        #expect(try ExtensionManifest.all(in: [a]).map(\.id) == ["a"])
        #expect(throws: ExtensionManifest.Fault.self) { try ExtensionManifest.all(in: [folder.url, a]) }
        #expect(throws: ExtensionManifest.Fault.self) {
            try ExtensionManifest.all(in: [folder.url.appending(path: "missing")])
        }
    }
}
