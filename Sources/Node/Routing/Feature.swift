/// A part of the node that owns the handlers of some requests.
///
/// Features are plain objects that live and work on the node's actor; they know each other only through what they are
/// given when they are made.
protocol Feature {
    func register(on router: inout MessageRouter)
}
