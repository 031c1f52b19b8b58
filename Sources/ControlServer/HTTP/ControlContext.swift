import Hummingbird

/// What a route knows of a request besides the request.
struct ControlContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Where the request comes from, for the node's audit log.
    let peer: String

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = PeerName.of(source.channel.remoteAddress)
    }
}
