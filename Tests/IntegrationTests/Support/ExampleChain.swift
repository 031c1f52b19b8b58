import Foundation

/// The chains under `examples/chains`, each with its parameter file.
enum ExampleChain: String, CaseIterable, Sendable {
    case stereoTone = "stereo-tone"
    case twoWayActive = "two-way-active"
    case eightChannelCar = "eight-channel-car"

    /// Relative to the repository's root, where the executable runs.
    var path: String { "examples/chains/\(rawValue).json" }
    var parameters: String { "examples/chains/\(rawValue).params.json" }

    var outputChannels: Int {
        switch self {
        case .stereoTone: 2
        case .twoWayActive: 4
        case .eightChannelCar: 8
        }
    }

    /// Some modules of the chain on other cores, so that wires cross in both directions.
    func assignment(cores: Int) -> [String: Int] {
        switch self {
        case .stereoTone: ["eq#1": 1, "limiter#1": cores - 1]
        case .twoWayActive: ["woofer#1.eq#1": 1, "tweeter#1.delay#1": cores - 1, "tweeter#1.gain#1": 1, "limiter#2": 0]
        case .eightChannelCar: ["eq#1": 1, "delay#1": cores - 1, "gain#1": 0, "limiter#1": 1]
        }
    }

    func text() throws -> String {
        try String(contentsOf: SoundpostExecutable.repository.appendingPathComponent(path), encoding: .utf8)
    }
}
