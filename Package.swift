// swift-tools-version: 6.1
import PackageDescription

// The C kernels are written for an optimiser. Our Makefile asks for it in debug builds too; a package that depends on
// this one gets its own configuration's flags, because SwiftPM refuses dependencies with unsafe flags.
let optimiseKernels = Context.environment["SOUNDPOST_OPTIMISE_KERNELS"] == "1"
let kernelSettings: [CSetting] = optimiseKernels ? [.unsafeFlags(["-O3", "-fvisibility=hidden"])] : []

let modules = ["delay", "eq", "gain", "generator", "limiter", "meter", "mixer"]
let moduleExcludes = modules.flatMap { ["modules/\($0)/README.md", "modules/\($0)/\($0)_test.c"] }

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func swiftTarget(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource]? = nil
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: swiftSettings)
}

func swiftTests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
    name: "soundpost",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "soundpost", targets: ["soundpost"]),
        .executable(name: "golden-render", targets: ["GoldenRender"]),
        .executable(name: "channel-victim", targets: ["ChannelVictim"]),
        .executable(name: "channel-exercise", targets: ["ChannelExercise"]),
        .library(name: "DynamicChain", targets: ["DynamicChain"]),
        .library(name: "SoundpostChannels", targets: ["SoundpostChannels", "WireFormats"]),
        .library(name: "SoundpostClient", targets: ["SoundpostClient", "ControlProtocol"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.100.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.3.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
    ],
    targets: [
        // C: the DSP library and system libraries
        .target(
            name: "CDynamicChain",
            exclude: ["CMakeLists.txt", "README.md", "cmake", "tests", "template"] + moduleExcludes,
            cSettings: [.define("DYNCHAIN_EXPORT")] + kernelSettings,
            linkerSettings: [
                .linkedLibrary("m", .when(platforms: [.linux])), .linkedLibrary("pthread", .when(platforms: [.linux])),
            ]
        ),
        .systemLibrary(name: "CPortAudio"),
        .systemLibrary(name: "CSndFile"),
        .systemLibrary(name: "CSampleRate"),
        .systemLibrary(name: "CEbur128"),
        .systemLibrary(name: "CZip"),

        // renders hashes for scripts/checks/golden
        .executableTarget(name: "GoldenRender", dependencies: ["CDynamicChain"]),

        // C: what Swift cannot import
        .target(name: "CSoundpostShims", cSettings: kernelSettings),

        // C: payload and processors of `soundpost channel bench`
        .target(name: "CChannelBench", cSettings: kernelSettings),

        // values
        swiftTarget("DynamicChain", ["CDynamicChain"]),
        swiftTarget("WireFormats", []),
        swiftTarget("ChainModel", ["DynamicChain", "WireFormats"]),
        swiftTarget("ControlProtocol", ["ChainModel", "WireFormats"]),

        // parts
        swiftTarget(
            "Storage",
            [
                "CZip", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        swiftTarget(
            "AudioEngine",
            [
                "CDynamicChain", "DynamicChain", "ChainModel", "CPortAudio", "CSndFile", "CSampleRate",
                "CEbur128",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        swiftTarget(
            "SoundpostChannels",
            [
                "CSoundpostShims", "WireFormats",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),

        swiftTarget(
            "Extensions",
            [
                "CSoundpostShims", "SoundpostChannels", "WireFormats",
                .product(name: "Logging", package: "swift-log"),
            ]),

        // one side of a channel, for scripts/proofs/channel-kills
        .executableTarget(
            name: "ChannelVictim", dependencies: ["SoundpostChannels"], swiftSettings: swiftSettings),
        // an end of a channel for scripts/checks/channels
        .executableTarget(
            name: "ChannelExercise", dependencies: ["SoundpostChannels", "WireFormats"], swiftSettings: swiftSettings),

        // domain
        swiftTarget(
            "Node",
            [
                "AudioEngine", "ChainModel", "ControlProtocol", "Extensions", "SoundpostChannels", "Storage",
                "WireFormats",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // edges
        swiftTarget(
            "SoundpostClient",
            [
                "ChainModel", "ControlProtocol", "WireFormats",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]
        ),
        swiftTarget(
            "ControlServer",
            [
                "Node", "ControlProtocol", "ChainModel", "WireFormats", "AudioEngine", "Storage",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // app
        swiftTarget("Settings", ["ChainModel", "WireFormats"]),
        .executableTarget(
            name: "soundpost",
            dependencies: [
                "AudioEngine", "CChannelBench", "ChainModel", "Extensions", "Settings", "ControlProtocol",
                "ControlServer", "Node",
                "SoundpostChannels", "SoundpostClient", "Storage", "WireFormats",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swiftSettings
        ),

        swiftTests("DynamicChainTests", ["DynamicChain", "CDynamicChain"]),
        swiftTests("WireFormatsTests", ["WireFormats"]),
        swiftTests("ChainModelTests", ["ChainModel", "WireFormats", "DynamicChain", "CDynamicChain"]),
        swiftTests("ControlProtocolTests", ["ControlProtocol", "ChainModel", "WireFormats"]),
        swiftTests("StorageTests", ["Storage", .product(name: "GRDB", package: "GRDB.swift")]),
        swiftTests("SoundpostChannelsTests", ["SoundpostChannels", "CSoundpostShims", "WireFormats"]),
        swiftTests("ExtensionsTests", ["Extensions", "WireFormats", .product(name: "Logging", package: "swift-log")]),
        swiftTests("SettingsTests", ["Settings", "ChainModel", "WireFormats"]),
        .target(name: "CTestModules", dependencies: ["CDynamicChain"], path: "Tests/CTestModules"),
        swiftTests("AudioEngineTests", ["AudioEngine", "ChainModel", "DynamicChain", "CDynamicChain", "CTestModules"]),
        swiftTests(
            "NodeTests",
            [
                "Node", "ControlProtocol", "AudioEngine", "ChainModel", "Extensions", "SoundpostChannels", "Storage",
                "WireFormats",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        swiftTests(
            "ControlServerTests",
            [
                "ControlServer", "Node", "ControlProtocol", "ChainModel", "AudioEngine", "Storage", "WireFormats",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        swiftTests(
            "SoundpostClientTests",
            [
                "SoundpostClient", "ControlServer", "Node", "ControlProtocol", "ChainModel",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        swiftTests("IntegrationTests", ["AudioEngine", "ChainModel", "Node", "ControlServer", "Storage"]),
    ],
    cLanguageStandard: .c11
)
