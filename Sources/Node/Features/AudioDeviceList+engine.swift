import AudioEngine
import ControlProtocol

extension AudioDeviceList.Device {
    /// The cards that the engine knows, outputs first. Asks the sound system, which takes up to a second.
    static func all(of engine: Engine) throws(ControlError) -> [Self] {
        do {
            let devices = try engine.devices()
            return (devices.outputs + devices.inputs).enumerated().map(Self.init)
        } catch {
            throw ControlError(engine: error)
        }
    }

    /// The device with an id, or the output with a name; the default output for an empty text.
    static func named(_ text: String, among devices: [Self]) throws(ControlError) -> Self {
        let outputs = devices.filter { $0.direction == .output }
        let found =
            text.isEmpty
            ? outputs.first(where: \.isDefault) ?? outputs.first
            : devices.first { $0.id == text } ?? outputs.first { $0.name == text }
        guard let found else {
            let ids = devices.prefix(16).map(\.id).joined(separator: ", ")
            let choice = ids.isEmpty ? "this machine has none" : "there are \(ids)"
            throw ControlError(
                .unknownDevice,
                "There is no sound card \"\(text.prefix(80))\"; \(choice).",
                field: "deviceId"
            )
        }
        return found
    }

    init(index: Int, _ device: AudioDevice) {
        self.init(
            index: index,
            id: "\(device.direction.rawValue):\(device.name)",
            name: device.name,
            direction: device.direction == .input ? .input : .output,
            hostApi: device.hostApi,
            sampleRate: Int(device.defaultSampleRate),
            sampleRates: device.sampleRates,
            channels: device.maxChannels,
            isDefault: device.isDefault
        )
    }
}

extension AudioEngineStatus {
    init(_ status: EngineStatus, modules: [String]) {
        self.init(
            cpuPercent: status.cpuPercent,
            memoryMB: status.memoryMB,
            isRunning: status.isRunning,
            deviceName: status.deviceName,
            sampleRate: status.sampleRate,
            frameSize: status.frameSize,
            inputChannels: status.inputChannels,
            outputChannels: status.outputChannels,
            cores: status.cores,
            cpuLoad: status.cpuLoad,
            loadedModules: modules,
            latencySamples: status.latencySamples,
            deviceLatencySamples: status.deviceLatencySamples,
            clippedSamples: Int(clamping: status.clippedSamples),
            droppedFrames: Int(clamping: status.droppedFrames),
            failure: status.failure?.message
        )
    }
}
