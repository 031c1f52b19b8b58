import NIOCore
import NIOHTTP1

/// Answers a connection that is one too many with 503 as soon as it opens, reads nothing, and closes it.
final class OverloadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = HTTPServerResponsePart

    static let refusal = Refusal(
        503,
        "too_many_connections",
        "This node serves no more connections. Close one, or try again later.",
        fields: [.init(name: "Retry-After", value: "5")]
    )

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        do {
            for part in try Self.refusal.parts(allocator: channel.allocator).dropLast() {
                context.write(wrapOutboundOut(part), promise: nil)
            }
            context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in LingeringClose.begin(on: channel) }
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
