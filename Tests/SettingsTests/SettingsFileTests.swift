import Foundation
import Testing
import WireFormats

@testable import Settings

@Suite struct SettingsFileTests {
    private let path = "/etc/soundpost.json"

    private func parse(_ text: String) throws -> LayerReading {
        try SettingsFile.parse(Array(text.utf8), path: path)
    }

    @Test func valuesOfEveryFormAreRead() throws {
        let reading = try parse(
            """
            // a comment with "quotes" and { braces
            {
              "Backend": {
                "ListenUrl": "https://0.0.0.0:443/", // behind a value
                "DataDirectory": "/srv//data",
                "AllowedHosts": ["a.example", "b.example:8080"],
                "RequireToken": true,
                "LogFormat": "json"
              },
              "AudioEngine": {"SimCoreCount": 4, "MaxLoadPercent": 72.5}
            }
            """)
        #expect(reading.faults.isEmpty)
        #expect(reading.warnings.isEmpty)
        let settings = Settings(layers: [reading.layer])
        #expect(settings[SettingCatalog.listenURL] == ListenURL(scheme: .https, host: "0.0.0.0", port: 443))
        #expect(settings[SettingCatalog.dataDirectory] == "/srv//data")
        #expect(settings[SettingCatalog.allowedHosts] == ["a.example", "b.example:8080"])
        #expect(settings[SettingCatalog.requireToken])
        #expect(settings[SettingCatalog.logFormat] == .json)
        #expect(settings[SettingCatalog.simCoreCount] == 4)
        #expect(settings[SettingCatalog.maxLoadPercent] == 72.5)
        #expect(settings.origin(of: SettingCatalog.simCoreCount.key) == .file(path: path))
        #expect(settings.origin(of: SettingCatalog.sink.key) == .builtIn)
    }

    @Test(arguments: [
        #"{"Extensions": [{"id": "a", "command": ["x"], "env": {"K": "v"}}]}"#,
        #"{"Extensions": {"Programs": [{"id": "a", "command": ["x"], "env": {"K": "v"}}]}}"#,
    ])
    func extensionsAreAListOfObjects(_ text: String) throws {
        let reading = try parse(text)
        #expect(reading.faults.isEmpty && reading.warnings.isEmpty)
        let settings = Settings(layers: [reading.layer])
        #expect(settings[SettingCatalog.extensionPrograms] == [["id": "a", "command": ["x"], "env": ["K": "v"]]])
        let variable = "\(SettingCatalog.extensionPrograms.definition.key.environmentVariable)"
        let value = SettingCatalog.extensionPrograms.definition.form
            .value(text: #"[{"id":"a","command":["x"],"env":{"K":"v"}}]"#)
        #expect(variable == "SOUNDPOST_EXTENSIONS__PROGRAMS")
        #expect(value == settings[SettingCatalog.extensionPrograms].settingValue)
        #expect(SettingCatalog.extensionPrograms.definition.form.value(text: #"{"id":"a"}"#) == nil)
        #expect(SettingCatalog.extensionPrograms.definition.form.value(text: "nonsense") == nil)
    }

    @Test(
        arguments: [
            (#"{"Backend": {"ListenUrl": "0.0.0.0:5000"}}"#, "Backend.ListenUrl", "http://HOST:PORT"),
            (#"{"Backend": {"ListenUrl": 5000}}"#, "Backend.ListenUrl", "5000"),
            (#"{"Backend": {"MaxConnections": 0}}"#, "Backend.MaxConnections", "from 1 to 100000"),
            (#"{"Backend": {"MaxConnections": 1.5}}"#, "Backend.MaxConnections", "whole number"),
            (
                #"{"Backend": {"MaxConnections": 18446744073709551615}}"#, "Backend.MaxConnections",
                "18446744073709551615"
            ),
            (#"{"Backend": {"RequireToken": "true"}}"#, "Backend.RequireToken", "true or false"),
            (#"{"Backend": {"CorsOrigins": "https://a"}}"#, "Backend.CorsOrigins", "a list of texts"),
            (#"{"Backend": {"CorsOrigins": [1]}}"#, "Backend.CorsOrigins", "a list of texts"),
            (#"{"Backend": {"DataDirectory": "a\u0000b"}}"#, "Backend.DataDirectory", "a text"),
            (#"{"Backend": {"LogFormat": "xml"}}"#, "Backend.LogFormat", "one of text, json"),
            (#"{"AudioEngine": {"SimCoreCount": 17}}"#, "AudioEngine.SimCoreCount", "from 1 to 16"),
            (#"{"Extensions": {"Programs": {"id": "a"}}}"#, "Extensions.Programs", "a list of objects"),
            (#"{"Extensions": ["a"]}"#, "Extensions.Programs", "a list of objects"),
            (#"{"Debug": {"MaxLogBuffer": null}}"#, "Debug.MaxLogBuffer", "null"),
        ])
    func aValueThatDoesNotFitNamesFileKeyAndWhatWouldBeRight(_ text: String, _ key: String, _ hint: String) {
        var messages: [String] = []
        do {
            let reading = try parse(text)
            #expect(reading.layer.entries.isEmpty)
            messages = reading.faults.map(\.description)
        } catch {
            messages = ["\(error)"]
        }
        #expect(messages.count == 1)
        #expect(messages.allSatisfy { $0.hasPrefix(path) && $0.contains(key) && $0.contains(hint) }, "\(messages)")
    }

    @Test func unknownNamesAreReportedWithTheNearestKnownOne() throws {
        let reading = try parse(
            #"""
            {"Backend": {"listenURL": "x", "Zzzzzz": 1}, "Backnd": {}, "Q": 3, "AudioEngine": {"SimCoreCnt": 2}}
            """#)
        let messages = reading.warnings.map(\.description)
        #expect(reading.faults.isEmpty)
        #expect(
            messages == [
                path + ": 'AudioEngine.SimCoreCnt' is no known setting; did you mean 'SimCoreCount'?",
                path + ": 'Backend.Zzzzzz' is no known setting.",
                path + ": 'Backend.listenURL' is no known setting; did you mean 'ListenUrl'?",
                path + ": The section 'Backnd' is no known section; did you mean 'Backend'?",
                path + ": The section 'Q' is no known section.",
            ])
    }

    @Test func namesOfOtherVersionsAreIgnoredWithAReason() throws {
        let reading = try parse(
            """
            {"Backend": {"CorsAllowAll": true, "WsBufferSize": 65536},
             "AudioEngine": {"DllPath": "./DynamicChain.dll", "FrameSize": 240, "SampleRate": 48000},
             "Dsp": {"DefaultProtocol": "none"}, "Legacy": {"UartTimeout": 500}}
            """)
        #expect(reading.faults.isEmpty)
        #expect(reading.layer.entries.isEmpty)
        #expect(reading.warnings.count == 7)
        #expect(reading.warnings.allSatisfy { $0.message.contains("is ignored: ") })
    }

    @Test func brokenTextNamesLineAndColumn() {
        let error = #expect(throws: SettingsFault.self) { try parse("// one\n{\n  \"Backend\": {,}\n}") }
        #expect(error?.description.hasPrefix("\(path): line 3, column 15: ") == true, "\(error as Any)")
        #expect(throws: SettingsFault.self) { try parse("[]") }
        #expect(throws: SettingsFault.self) { try parse("") }
        #expect(throws: SettingsFault.self) { try parse(String(repeating: "{\"a\":", count: 100_000)) }
    }

    @Test func aFileThatCannotBeReadIsAFault() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: directory) } }
        let large = directory.appending(path: "large.json")
        try Data(repeating: UInt8(ascii: " "), count: SettingsFile.maximumBytes + 1).write(to: large)
        let pipe = directory.appending(path: "pipe").path
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [large.path, pipe, directory.path, directory.appending(path: "absent").path, "/dev/zero"] {
            let reading = SettingsFile.read(path: path)
            #expect(reading.faults.count == 1)
            #expect(reading.faults.first?.description.hasPrefix("\(path): ") == true)
        }
    }

    @Test func aSymbolicLinkIsFollowed() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: directory) } }
        let file = directory.appending(path: "a.json")
        try Data(#"{"AudioEngine": {"SimCoreCount": 3}}"#.utf8).write(to: file)
        let link = directory.appending(path: "link.json")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        #expect(Settings(layers: [SettingsFile.read(path: link.path).layer])[SettingCatalog.simCoreCount] == 3)
    }
}
