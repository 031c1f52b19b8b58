import ControlProtocol
import NIOCore
import NIOHTTP1
import NIOSSL

/// Watches a WebSocket handshake until it has succeeded: keeps it to its time, and turns every way of failing into a
/// ``ClientError``. Removed with the other HTTP handlers by the upgrade.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    /// A refusal's words are one small object; the rest of a longer body is not read.
    private static let longestBody = 64 * 1024

    private let address: NodeAddress
    private let limit: TimeAmount
    private var deadline: Scheduled<Void>?
    private var refusalHead: HTTPResponseHead?
    private var body = ByteBuffer()
    private var hasFailed = false

    init(address: NodeAddress, limit: Duration) {
        self.address = address
        self.limit = TimeAmount(limit)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            self.fail(context, ClientError(.unreachable, "\(self.address) did not answer the handshake in time."))
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where head.status != .switchingProtocols:
            refusalHead = head
        case .body(var part) where refusalHead != nil:
            if body.readableBytes < Self.longestBody { body.writeBuffer(&part) }
        case .end where refusalHead != nil:
            failRefused(context)
        case .head, .body, .end:
            context.fireChannelRead(data)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if refusalHead != nil {
            failRefused(context)
        } else {
            fail(context, ClientError(.unreachable, "\(address) closed the connection instead of answering."))
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(context, ClientError(connectingTo: address, error))
    }

    private func failRefused(_ context: ChannelHandlerContext) {
        guard let head = refusalHead else { return }
        fail(
            context, ClientError(refusedBy: address, status: Int(head.status.code), body: Array(body.readableBytesView))
        )
    }

    private func fail(_ context: ChannelHandlerContext, _ error: ClientError) {
        guard !hasFailed else { return }
        hasFailed = true
        context.fireErrorCaught(error)
        context.close(promise: nil)
    }
}
