/// Starts the simulation, or restarts it with other ends.
public struct SimStart: ControlRequest {
    public static let type = "sim_start"
    public typealias Response = SimStatus

    /// Where the signal comes from.
    public struct Input: Hashable, Sendable, Codable {
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case soundcard
            case file
            case generator
            case silence
        }

        public var type: Kind
        /// Of a sound card; absent or empty for the default card.
        public var deviceName: String?
        /// Of a sound card: its channel, 1 to 256, that each of the chain's inputs hears; 0 is none. What a list of up
        /// to 256 does not reach is silent. Absent for the first channels in order.
        public var channels: [WholeNumber]?
        /// Of a file: its name in the node's directory `audio`, or the path the node was configured with.
        public var path: String?
        /// Whether a file starts again at its end. Without it, yes.
        public var loop: Bool?

        public init(
            type: Kind,
            deviceName: String? = nil,
            channels: [WholeNumber]? = nil,
            path: String? = nil,
            loop: Bool? = nil
        ) {
            self.type = type
            self.deviceName = deviceName
            self.channels = channels
            self.path = path
            self.loop = loop
        }
    }

    /// Where the signal goes.
    public struct Output: Hashable, Sendable, Codable {
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case soundcard
            case file
            case none
            case browser
        }

        public var type: Kind
        /// Of a sound card; absent or empty for the default card.
        public var deviceName: String?
        /// Of a sound card: its channel, 1 to 256, that each of the chain's outputs goes to, no two to one; 0 is none.
        /// What a list of up to 256 does not reach goes nowhere. Absent for the first channels in order.
        public var channels: [WholeNumber]?
        /// Of a file: its name in the node's directory `audio`, or the path the node was configured with.
        public var path: String?

        public init(type: Kind, deviceName: String? = nil, channels: [WholeNumber]? = nil, path: String? = nil) {
            self.type = type
            self.deviceName = deviceName
            self.channels = channels
            self.path = path
        }
    }

    /// Without it, the source the node was configured with.
    public var input: Input?
    /// Without it, the sink the node was configured with.
    public var output: Output?

    public init(input: Input? = nil, output: Output? = nil) {
        self.input = input
        self.output = output
    }
}
