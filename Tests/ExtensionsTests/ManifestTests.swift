import Foundation
import Testing
import WireFormats

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
             "panel":"p","startSeconds":90,"graceSeconds":0.5,"later":[1]}
            """)
        let manifest = try ExtensionManifest(folder: place)
        #expect(manifest.id == "a_1" && manifest.name == "A" && manifest.version == "2" && manifest.description == "d")
        #expect(manifest.command == ["python3", "x.py"] && manifest.environment == ["K": "v"] && manifest.panel == "p")
        #expect(manifest.folder == place)
        #expect(manifest.startLimit == .seconds(90) && manifest.grace == .milliseconds(500))
    }

    @Test(arguments: [
        ("", "bad_json"), ("[]", "object"), (#"{"command":["x"]}"#, "id"), (#"{"id":"A","command":["x"]}"#, "id"),
        (#"{"id":"../x","command":["x"]}"#, "id"), (#"{"id":"a"}"#, "command"),
        (#"{"id":"a","command":[]}"#, "command"),
        (#"{"id":"a","command":"x"}"#, "command"), (#"{"id":"a","command":[1]}"#, "command"),
        (#"{"id":"a","command":["x\u0000"]}"#, "command"), (#"{"id":"a","command":["x"],"env":[]}"#, "env"),
        (#"{"id":"a","command":["x"],"env":{"A=B":"c"}}"#, "env"), (#"{"id":"a","command":["x"],"name":1}"#, "name"),
        (#"{"id":"a","command":["x"],"graceSeconds":61}"#, "graceSeconds"),
        (#"{"id":"a","command":["x"],"graceSeconds":"1"}"#, "graceSeconds"),
        (#"{"id":"a","command":["x"],"startSeconds":0}"#, "startSeconds"),
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

    private func configured(_ text: String, besides: [ExtensionManifest] = []) throws -> [ExtensionManifest] {
        guard case .array(let entries) = try JSONParser.parse(Array(text.utf8)) else { return [] }
        return try ExtensionManifest.all(in: entries, folder: folder.url, besides: besides)
    }

    @Test func aConfigurationListsThemToo() throws {
        let found = try configured(
            #"[{"id":"a","command":["x","y"],"env":{"K":"v"}},{"id":"b","command":["z"],"graceSeconds":2}]"#)
        #expect(found.map(\.id) == ["a", "b"] && found[0].command == ["x", "y"] && found[0].environment == ["K": "v"])
        #expect(found.allSatisfy { $0.folder == folder.url } && found[1].grace == .seconds(2))
        let fault = #expect(throws: ExtensionManifest.Fault.self) {
            try configured(#"[{"id":"c","command":["x"]},{"id":"b","command":["x"]}]"#, besides: found)
        }
        #expect(fault?.description.hasPrefix("entry 2: ") == true && fault?.description.contains("'b'") == true)
    }

    @Test(arguments: [
        (#"[1]"#, "entry 1: "), (#"[{"id":"a","command":["x"]},{"id":"b"}]"#, "entry 2: 'command'"),
        (#"[{"id":"a","command":["x"],"environment":{}}]"#, "'environment'"),
        (#"[{"id":"a","command":["x"]},{"id":"a","command":["x"]}]"#, "'a' is there already"),
    ])
    func faultsOfAConfigurationNameTheEntry(_ text: String, _ word: String) throws {
        let fault = #expect(throws: ExtensionManifest.Fault.self) { try configured(text) }
        #expect(fault?.description.contains(word) == true)
    }
}
