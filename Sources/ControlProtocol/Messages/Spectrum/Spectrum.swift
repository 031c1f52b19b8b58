/// Spectra of wires of the running simulation, for clients that subscribed.
public struct Spectrum: ControlEvent {
    public static let type = "spectrum"

    /// One wire. Without `db` the chain does not have it, or nothing plays.
    public struct Point: Hashable, Sendable, Codable {
        public var instanceId: String
        public var port: SpectrumSubscribe.Point.Port
        public var channel: Int?
        /// `db[i]` belongs to the frequency minHz·(maxHz/minHz)^(i/(n−1)): dBFS of a sine's amplitude, to a tenth; a
        /// full-scale sine reads 0, the floor is −140.
        public var db: [Double]

        public init(instanceId: String, port: SpectrumSubscribe.Point.Port, channel: Int?, db: [Double]) {
            self.instanceId = instanceId
            self.port = port
            self.channel = channel
            self.db = db
        }
    }

    /// Milliseconds since 1970 (UTC).
    public var timestamp: Int64
    public var minHz: Double
    public var maxHz: Double
    /// In the order of the request.
    public var points: [Point]

    public init(timestamp: Int64, minHz: Double, maxHz: Double, points: [Point]) {
        self.timestamp = timestamp
        self.minHz = minHz
        self.maxHz = maxHz
        self.points = points
    }
}
