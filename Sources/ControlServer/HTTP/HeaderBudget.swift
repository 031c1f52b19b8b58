import NIOCore
import NIOHTTP1

/// Counts the bytes of a request header on their way to the parser, whose own limits do not cover the request line.
///
/// Every byte from the end of one request to the end of the next one's head belongs to a header. The count is looked at
/// after the parser has seen the bytes, so that a burst of short requests is no long header; the memory one header can
/// take is therefore the limit and one read.
final class HeaderBudget: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: Int
    private var spent = 0
    private var isInBody = false

    init(limit: Int) {
        self.limit = limit
    }

    /// Call on the event loop when a header is complete.
    ///
    /// - Parameter bodyFollows: whether the next bytes are a body's.
    func headCompleted(bodyFollows: Bool = false) {
        spent = 0
        isInBody = bodyFollows
    }

    /// Call on the event loop when a body is complete.
    func bodyCompleted() {
        headCompleted()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard spent <= limit else { return }
        if !isInBody {
            spent += unwrapInboundIn(data).readableBytes
        }
        context.fireChannelRead(data)
        if spent > limit {
            context.fireErrorCaught(HTTPParserError.headerOverflow)
        }
    }
}
