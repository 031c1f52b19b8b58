public import Logging

/// How a client connects and what it keeps.
public struct ClientConfiguration: Sendable {
    public var address: NodeAddress
    /// The name by which the node's history knows this client across connections: 1 to 64 of `A-Za-z0-9_.#-`. Clients
    /// with the same name share their undo.
    public var name: String?
    /// The access token; a node that listens off loopback asks for one.
    public var token: String?
    public var tls: TLSOptions
    /// How long a connection may take until the node has answered the handshake.
    public var connectTime: Duration = .seconds(10)
    /// How long a request waits for its answer, unless it says otherwise itself.
    public var answerTime: Duration = .seconds(10)
    /// How long the node may be silent before it is asked for a sign of life; after twice this time it counts as lost.
    public var keepAlive: Duration = .seconds(20)
    /// What happens when a connection is lost; nil ends the client.
    public var reconnect: ReconnectPolicy? = ReconnectPolicy()
    /// Most state changes that wait for one reader of ``SoundpostClient/events``.
    public var waitingEvents = 4096
    /// Most meters and log lines that wait for one reader of ``SoundpostClient/events``.
    public var waitingMeters = 64
    /// Lost connections at level info, what the node sends and nobody understands at level debug.
    public var logger: Logger

    public init(
        address: NodeAddress,
        name: String? = nil,
        token: String? = nil,
        tls: TLSOptions = TLSOptions(),
        logger: Logger = Logger(label: "soundpost.client") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.address = address
        self.name = name
        self.token = token
        self.tls = tls
        self.logger = logger
    }
}
