import ControlProtocol

/// A request whose changes are committed later, together with those of others. It is answered then.
protocol BatchedRequest: ControlRequest {}

extension SetParameter: BatchedRequest {}
extension ApplyParameters: BatchedRequest {}
