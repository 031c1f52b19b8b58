import AudioEngine

/// The body of `GET /api/audio/devices`: the machine's sound cards by direction.
struct AudioDevicesBody: Sendable, Hashable, Codable {
    /// One direction of a card.
    struct Device: Sendable, Hashable, Codable {
        /// What `set_audio_device` takes.
        var id: String
        /// What `sim_start` takes as `deviceName`.
        var name: String
        /// The system's sound interface, such as ALSA, JACK or Core Audio.
        var hostApi: String
        /// Hz, that the card proposes.
        var sampleRate: Int
        /// Of the usual rates, in Hz, those it can be opened with.
        var sampleRates: [Int]
        var channels: Int
        var isDefault: Bool

        init(_ device: AudioDevice) {
            id = "\(device.direction.rawValue):\(device.name)"
            name = device.name
            hostApi = device.hostApi
            sampleRate = Int(device.defaultSampleRate)
            sampleRates = device.sampleRates
            channels = device.maxChannels
            isDefault = device.isDefault
        }
    }

    var inputs: [Device]
    var outputs: [Device]

    init(_ devices: AudioDevices) {
        inputs = devices.inputs.map(Device.init)
        outputs = devices.outputs.map(Device.init)
    }
}
