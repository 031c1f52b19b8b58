/// Answers ``ListAudioDevices``: one entry for each direction of each card.
public struct AudioDeviceList: ControlMessage {
    public static let type = "audio_device_list"

    /// One direction of a card.
    public struct Device: Hashable, Sendable, Codable {
        public enum Direction: String, Hashable, Sendable, Codable, CaseIterable {
            case input, output
        }

        /// Position in the list.
        public var index: Int
        /// What `set_audio_device` takes: direction and name.
        public var id: String
        /// What `sim_start` takes as `deviceName`.
        public var name: String
        public var direction: Direction
        /// The system's sound interface, such as ALSA, JACK or Core Audio.
        public var hostApi: String
        /// Hz, that the card proposes.
        public var sampleRate: Int
        /// Of the usual rates, in Hz, those it can be opened with.
        public var sampleRates: [Int]
        public var channels: Int
        public var isDefault: Bool

        public init(
            index: Int,
            id: String,
            name: String,
            direction: Direction,
            hostApi: String,
            sampleRate: Int,
            sampleRates: [Int],
            channels: Int,
            isDefault: Bool
        ) {
            self.index = index
            self.id = id
            self.name = name
            self.direction = direction
            self.hostApi = hostApi
            self.sampleRate = sampleRate
            self.sampleRates = sampleRates
            self.channels = channels
            self.isDefault = isDefault
        }
    }

    public var devices: [Device]

    public init(devices: [Device]) {
        self.devices = devices
    }
}
