import Logging
import NIOCore
import NIOHTTP1

/// Stands between the HTTP parser and everything that answers: lets through what the ``RequestScreen`` allows, answers
/// the rest itself, and sees to it that no connection stays open in silence.
///
/// It works behind an `HTTPServerPipelineHandler`, which hands over one request at a time; so an answer written here
/// cannot overtake an earlier one. On an upgrade it leaves the pipeline with the other HTTP handlers.
///
/// Threading: the channel's event loop only.
final class UpgradeGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// No header has been complete yet.
        case fresh
        /// Requests go through. `closing`: the next answer is the last.
        case serving(closing: Bool)
        /// The handshake has gone through; what follows is no HTTP.
        case upgrading
        /// The last answer is out; input is thrown away.
        case done
    }

    private let makeScreen: @Sendable (_ localPort: Int) -> RequestScreen
    private let budget: HeaderBudget
    private let headerTime: TimeAmount
    private let counters: ServerCounters
    private let logger: Logger
    private var state = State.fresh
    private var screen: RequestScreen?
    private var answering = false
    private var deadline: Scheduled<Void>?

    /// - Parameters:
    ///   - makeScreen: the screen for the local port that the connection came in on.
    ///   - budget: told whenever a header is complete.
    ///   - headerTime: time for the first header.
    ///   - counters: told of refusals.
    ///   - logger: for refusals, at level debug.
    init(
        makeScreen: @escaping @Sendable (_ localPort: Int) -> RequestScreen,
        budget: HeaderBudget,
        headerTime: TimeAmount,
        counters: ServerCounters,
        logger: Logger
    ) {
        self.makeScreen = makeScreen
        self.budget = budget
        self.headerTime = headerTime
        self.counters = counters
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = channel.eventLoop.scheduleTask(in: headerTime) {
            channel.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .upgrading:
            context.fireChannelRead(data)
        case .done:
            break
        case .fresh:
            receive(data, isFirst: true, context: context)
        case .serving:
            receive(data, isFirst: false, context: context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (state, error) {
        case (.done, _):
            break
        case (_, let error as HTTPParserError):
            // An answer that has begun cannot be replaced by another.
            guard !answering else { return context.close(promise: nil) }
            refuse(Self.refusal(for: error), context: context)
        default:
            context.fireErrorCaught(error)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .serving(let closing) = state else { return context.write(data, promise: promise) }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            answering = true
            ResponseHeaders.complete(&head.headers)
            if closing {
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            answering = false
            guard closing else { return context.write(data, promise: promise) }
            state = .done
            let channel = context.channel
            let written = promise ?? channel.eventLoop.makePromise()
            written.futureResult.whenSuccess { LingeringClose.begin(on: channel) }
            context.write(data, promise: written)
        }
    }

    private func receive(_ data: NIOAny, isFirst: Bool, context: ChannelHandlerContext) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        deadline?.cancel()
        deadline = nil
        budget.headCompleted()
        let screen = screen ?? makeScreen(context.channel.localAddress?.port ?? 0)
        self.screen = screen
        switch screen.verdict(on: head, isFirst: isFirst) {
        case .serve:
            state = .serving(closing: false)
            context.fireChannelRead(data)
        case .serveAndClose:
            state = .serving(closing: true)
            head.headers.remove(name: "Upgrade")
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .upgrade:
            state = .upgrading
            context.fireChannelRead(data)
        case .refuse(let refusal):
            refuse(refusal, context: context)
        }
    }

    private func refuse(_ refusal: Refusal, context: ChannelHandlerContext) {
        state = .done
        counters.rejected(code: refusal.code)
        logger.debug("Request refused.", metadata: ["code": "\(refusal.code)", "why": "\(refusal.message)"])
        let channel = context.channel
        do {
            for part in try refusal.parts(allocator: channel.allocator).dropLast() {
                context.write(wrapOutboundOut(part), promise: nil)
            }
        } catch {
            logger.error("A refusal cannot be encoded.", metadata: ["error": "\(error)"])
            return context.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in LingeringClose.begin(on: channel) }
    }

    private static func refusal(for error: HTTPParserError) -> Refusal {
        switch error {
        case .headerOverflow:
            Refusal(431, "header_too_large", "The request header is larger than this node reads.")
        case .invalidVersion:
            Refusal(505, "bad_version", "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
        default:
            Refusal(400, "malformed_request", "This is no well-formed HTTP/1.1 request.")
        }
    }
}
