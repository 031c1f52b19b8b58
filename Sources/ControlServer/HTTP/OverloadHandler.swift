import NIOCore
import NIOHTTP1

/// Answers a connection that is one too many as soon as it opens, whatever it asks, and closes it.
final class OverloadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = HTTPServerResponsePart

    private let refusal: Refusal

    init(_ refusal: Refusal) {
        self.refusal = refusal
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        do {
            for part in try refusal.parts(allocator: channel.allocator).dropLast() {
                context.write(wrapOutboundOut(part), promise: nil)
            }
            context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in LingeringClose.begin(on: channel) }
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
