// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "channel",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "soundpost", path: "../..")],
    targets: [
        .executableTarget(
            name: "channel",
            dependencies: [.product(name: "SoundpostChannels", package: "soundpost")]
        )
    ]
)
