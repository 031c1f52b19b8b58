import NIOCore
import NIOWebSocket

/// What comes in on an upgraded connection.
enum WebSocketInput: Sendable {
    case frame(WebSocketFrame)
    /// The bytes can no longer be told into frames; why to close.
    case unreadable(CloseReason)
}

/// Keeps the input stream of a session alive through what would end it: a framing fault becomes an input, so that the
/// close frame can be written and the rest of the input be drained; the server's shutdown becomes a close frame.
final class WebSocketInputHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketInput

    private let client: WebSocketClient
    private let messageLimit: Int

    init(client: WebSocketClient, messageLimit: Int) {
        self.client = client
        self.messageLimit = messageLimit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireChannelRead(wrapInboundOut(.frame(unwrapInboundIn(data))))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength:
            context.fireChannelRead(wrapInboundOut(.unreadable(.tooLarge(limit: messageLimit))))
        case is NIOWebSocketError:
            context.fireChannelRead(wrapInboundOut(.unreadable(.protocolError("A malformed control frame."))))
        case ByteToMessageDecoderError.dataReceivedInErrorState:
            break
        default:
            context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        client.finish(.shutdown)
    }
}
