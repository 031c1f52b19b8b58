/// Asks for ``Spectrum`` of some wires at an interval, until ``SpectrumUnsubscribe`` or the end of the connection.
/// Replaces what the client asked for before.
public struct SpectrumSubscribe: ControlRequest {
    public static let type = "spectrum_subscribe"
    public typealias Response = Acknowledgement

    /// One wire.
    public struct Point: Hashable, Sendable, Codable {
        public enum Port: String, Hashable, Sendable, Codable, CaseIterable {
            case input, output
        }

        /// Flattened instance id, or `$io` for the chain itself: its input, and its output behind the level.
        public var instanceId: String
        public var port: Port
        /// Absent for the mean power of all channels.
        public var channel: WholeNumber?

        public init(instanceId: String, port: Port, channel: WholeNumber? = nil) {
            self.instanceId = instanceId
            self.port = port
            self.channel = channel
        }
    }

    /// At most 16.
    public var points: [Point]
    /// Milliseconds; the node keeps it within 33…1000. Without it, 50.
    public var intervalMs: WholeNumber?
    /// Samples of a spectrum, a power of two, 1024…32768. Without it, 8192.
    public var size: WholeNumber?

    public init(points: [Point], intervalMs: WholeNumber? = nil, size: WholeNumber? = nil) {
        self.points = points
        self.intervalMs = intervalMs
        self.size = size
    }
}
