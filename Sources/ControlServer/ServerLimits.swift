/// How much one client, and all of them together, may ask of the server.
public struct ServerLimits: Sendable, Hashable {
    /// Open connections of all kinds, as far as the system's limit of open files allows. One more is answered 503 and
    /// closed.
    public var connections = 12_000
    /// Connections that one address may open each second in the long run. One more is answered 429 and closed.
    public var connectionsPerSecond = 500
    /// Connections that one address may open at once after a pause.
    public var connectionBurst = 2000
    /// Time from connecting to the end of the first request's header. A slower connection is closed without an answer.
    public var headerTime: Duration = .seconds(10)
    /// Time from one answer to the end of the next request's header on the same connection.
    public var idleTime: Duration = .seconds(60)
    /// Bytes of a request line and its header fields together. A longer header is answered 431.
    public var headerBytes = 16 * 1024
    /// Fields of a request header.
    public var headerFields = 64
    /// Bytes of an audio file that is sent up.
    public var uploadBytes = 256 << 20
    /// Bytes of an archive that is sent up.
    public var archiveBytes = 2 << 30
    /// Files that are on their way up or down at once. One more is answered 503.
    public var transfers = 4
    /// Time that a client which sends a body, or takes an answer, may keep the node waiting beyond what its bytes need
    /// at ``bodyBytesPerSecond``. A slower one is answered 408, or cut off in the middle of an answer.
    public var bodyTime: Duration = .seconds(10)
    /// Least speed of bodies in the long run.
    public var bodyBytesPerSecond = 16 * 1024
    /// Bytes of one WebSocket message, its fragments together. A longer one closes the connection with 1009.
    public var messageBytes = 1 << 20
    /// Messages a client may send each second in the long run. Likewise HTTP requests on one connection; one more is
    /// answered 429 and the connection closed.
    public var messagesPerSecond = 2000
    /// Messages a client may send at once after a pause.
    public var messageBurst = 4000
    /// Bytes of acknowledgements that wait for a slow client. More close the connection with 1013.
    public var acknowledgementBytes = 4 << 20
    /// What the system may keep for a client that does not read, besides what waits here. Without a bound it keeps
    /// megabytes, and a client that reads nothing is written to for minutes before anybody notices.
    public var socketBufferBytes = 64 * 1024
    /// Bytes of meters and log lines that wait for a slow client. The oldest make room for the newest. The log lines
    /// that a new client is sent at once should fit.
    public var meterBytes = 1 << 20
    /// Clients that listen at once. One more is closed with 1013.
    public var listeners = 32
    /// Bytes of sound that wait for a slow listener, two thirds of a second of stereo at 48 kHz. The oldest make room
    /// for the newest.
    public var soundBytes = 256 * 1024
    /// Time between two pings to a WebSocket client. A client silent for two such times is closed with 1011.
    public var pingInterval: Duration = .seconds(20)
    /// Time a client has to close its side after a close frame was queued for it.
    public var closeTime: Duration = .seconds(2)
    /// Time within which everything ends after a graceful shutdown began.
    public var shutdownTime: Duration = .seconds(5)

    public init() {}
}
