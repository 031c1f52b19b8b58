import NIOCore
import NIOWebSocket

/// Writes what waits for a client whenever its channel takes more. Behind the close frame it closes the output.
///
/// The queue is emptied here, on the event loop, and not by a task: at thousands of answers a second the hops between
/// tasks would cost more than the writing.
final class WebSocketOutputHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let client: WebSocketClient
    private let counters: ServerCounters

    init(client: WebSocketClient, counters: ServerCounters) {
        self.client = client
        self.counters = counters
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: loop)
        client.onWork {
            loop.execute {
                let (handler, context) = bound.value
                handler.write(to: context)
            }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        client.onWork(nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        write(to: context)
        context.fireChannelWritabilityChanged()
    }

    private func write(to context: ChannelHandlerContext) {
        while context.channel.isWritable {
            let (items, isLast) = client.nextBatch()
            guard !items.isEmpty else { return }
            for item in items {
                context.write(wrapOutboundOut(Self.frame(item, context.channel.allocator)), promise: nil)
            }
            context.flush()
            counters.messagesSent(items.count(where: \.isMessage))
            if isLast { return context.close(mode: .output, promise: nil) }
        }
    }

    private static func frame(_ item: OutboundQueue.Item, _ allocator: ByteBufferAllocator) -> WebSocketFrame {
        switch item {
        case .text(let text):
            return WebSocketFrame(fin: true, opcode: .text, data: allocator.buffer(string: text))
        case .sound(let bytes):
            return WebSocketFrame(fin: true, opcode: .binary, data: bytes)
        case .ping:
            return WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
        case .pong(let payload):
            return WebSocketFrame(fin: true, opcode: .pong, data: payload)
        case .close(let reason):
            var data = ByteBuffer()
            data.writeInteger(reason.code)
            data.writeString(reason.words)
            return WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
        }
    }
}
