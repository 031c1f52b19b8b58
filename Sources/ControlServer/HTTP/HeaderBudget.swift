import NIOCore
import NIOHTTP1

/// Counts the bytes of a request header on their way to the parser, whose own limits do not cover the request line.
///
/// No request has a body, so every byte between two complete heads belongs to a header. The count is looked at after
/// the parser has seen the bytes, so that a burst of short requests is no long header; the memory one header can take
/// is therefore the limit and one read.
final class HeaderBudget: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: Int
    private var spent = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Call on the event loop when a header is complete.
    func headCompleted() {
        spent = 0
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard spent <= limit else { return }
        spent += unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
        if spent > limit {
            context.fireErrorCaught(HTTPParserError.headerOverflow)
        }
    }
}
