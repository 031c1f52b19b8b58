import Foundation
import Testing

@testable import Settings

@Suite struct LayeringTests {
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func file(_ text: String) throws -> String {
        let file = directory.appending(path: "soundpost.json")
        try Data(text.utf8).write(to: file)
        return file.path
    }

    @Test func eachLayerOverridesTheOneBelowAndEveryValueKnowsItsOrigin() throws {
        let path = try file(
            #"{"AudioEngine": {"SimCoreCount": 3, "Sink": "card"}, "Debug": {"MaxLogBuffer": 10}, "#
                + #""Backend": {"DataDirectory": "a"}}"#
        )
        let environment = ["SOUNDPOST_AUDIOENGINE__SIMCORECOUNT": "4", "soundpost_Debug__MaxLogBuffer": "11"]
        let loaded = try LoadedSettings.load(file: path, environment: environment) { lower throws(SettingsFaults) in
            #expect(lower[SettingCatalog.simCoreCount] == 4)
            var layer = SettingsLayer()
            layer.set(SettingCatalog.simCoreCount.key, .whole(5), origin: .option("--cores"))
            return layer
        }
        let settings = loaded.settings
        #expect(loaded.file == path)
        #expect(settings[SettingCatalog.simCoreCount] == 5)
        #expect(settings.origin(of: SettingCatalog.simCoreCount.key) == .option("--cores"))
        #expect(settings[SettingCatalog.maxLogBuffer] == 11)
        #expect(
            settings.origin(of: SettingCatalog.maxLogBuffer.key)
                == .environment(variable: "soundpost_Debug__MaxLogBuffer"))
        #expect(settings.origin(of: SettingCatalog.dataDirectory.key) == .file(path: path))
        #expect(settings.origin(of: SettingCatalog.source.key) == .builtIn)
        #expect(settings.items.map(\.definition) == SettingCatalog.all)
    }

    @Test func theEnvironmentNamesTheFileUnlessAnOptionDoes() throws {
        let path = try file(#"{"AudioEngine": {"SimCoreCount": 3}}"#)
        let environment = ["SOUNDPOST_CONFIG": path]
        #expect(try LoadedSettings.load(environment: environment).settings[SettingCatalog.simCoreCount] == 3)
        #expect(try LoadedSettings.load(environment: ["SOUNDPOST_CONFIG": ""]).file == nil)
        let other = directory.appending(path: "other.json").path
        let error = #expect(throws: SettingsFaults.self) {
            try LoadedSettings.load(file: other, environment: environment)
        }
        #expect(error?.faults.map(\.origin) == [.file(path: other)])
    }

    @Test func textsOfTheEnvironmentBecomeValues() throws {
        let environment = [
            "SOUNDPOST_BACKEND__CORSORIGINS": "https://a.example, https://b.example,",
            "SOUNDPOST_BACKEND__REQUIRETOKEN": "TRUE", "SOUNDPOST_AUDIOENGINE__STARTSIMULATION": "0",
            "SOUNDPOST_AUDIOENGINE__MAXLOADPERCENT": "50.5", "SOUNDPOST_BACKEND__LISTENURL": "http://[::1]:0",
            "SOUNDPOST_OPTIMISE_KERNELS": "1", "SOUNDPOST_IPC_CHANNEL": "x", "PATH": "/bin",
        ]
        let loaded = try LoadedSettings.load(environment: environment)
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.settings[SettingCatalog.corsOrigins] == ["https://a.example", "https://b.example"])
        #expect(loaded.settings[SettingCatalog.requireToken])
        #expect(!loaded.settings[SettingCatalog.startSimulation])
        #expect(loaded.settings[SettingCatalog.maxLoadPercent] == 50.5)
        #expect(loaded.settings[SettingCatalog.listenURL] == ListenURL(host: "::1", port: 0))
    }

    @Test func unknownAndIgnoredVariablesAreReported() throws {
        let environment = [
            "SOUNDPOST_BACKEND__LISTNURL": "x", "SOUNDPOST_BACKEND__CORSALLOWALL": "true",
            "SOUNDPOST_LEGACY__UARTTIMEOUT": "1", "SOUNDPOST_QQQ__PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP": "1",
        ]
        let warnings = try LoadedSettings.load(environment: environment).warnings.map(\.description)
        #expect(warnings.count == 4)
        #expect(warnings[0].contains("CORSALLOWALL: The variable is ignored"))
        #expect(warnings[1].contains("did you mean 'SOUNDPOST_BACKEND__LISTENURL'?"))
        #expect(warnings[2].contains("LEGACY__UARTTIMEOUT: The variable is ignored"))
        #expect(!warnings[3].contains("did you mean"))
    }

    @Test func everyFaultIsToldAtOnce() throws {
        let path = try file(#"{"AudioEngine": {"SimCoreCount": 0}, "Backend": {"TlsCert": "a.pem"}}"#)
        let environment = [
            "SOUNDPOST_DEBUG__MAXLOGBUFFER": "many", "SOUNDPOST_AUDIOENGINE__SINK": "none",
            "SOUNDPOST_AudioEngine__Sink": "card",
        ]
        let error = #expect(throws: SettingsFaults.self) {
            try LoadedSettings.load(file: path, environment: environment) { _ throws(SettingsFaults) in
                throw SettingsFaults([SettingsFault(origin: .option("--cores"), "wrong")])
            }
        }
        let text = try #require(error).description
        #expect(error?.faults.count == 5)
        for part in ["SimCoreCount", "MAXLOGBUFFER", "set by", "--cores", "Backend.TlsKey"] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
    }

    @Test(
        arguments: [
            (#"{"Backend": {"ListenUrl": "https://127.0.0.1:1"}}"#, "needs"),
            (#"{"Backend": {"TlsCert": "c", "TlsKey": "k"}}"#, "https://"),
            (#"{"Backend": {"TlsKey": "k"}}"#, "belong together"),
        ])
    func certificatesAndAddressMustAgree(_ text: String, _ hint: String) throws {
        let path = try file(text)
        let error = #expect(throws: SettingsFaults.self) { try LoadedSettings.load(file: path, environment: [:]) }
        #expect(error?.faults.count == 1)
        #expect(error?.description.contains(hint) == true)
    }

    @Test func changesAreTheSettingsWhoseValuesDiffer() throws {
        let old = try LoadedSettings.load(environment: ["SOUNDPOST_BACKEND__LOGLEVEL": "info"]).settings
        let new = try LoadedSettings.load(environment: ["SOUNDPOST_AUDIOENGINE__SIMCORECOUNT": "7"]).settings
        #expect(new.changes(from: old).map(\.key) == [SettingCatalog.simCoreCount.key])
        #expect(old.changes(from: old).isEmpty)
    }
}
