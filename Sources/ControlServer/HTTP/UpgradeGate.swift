import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Node

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

    private let makeScreen: @Sendable (any Channel) -> RequestScreen
    private let budget: HeaderBudget
    private let limits: ServerLimits
    private let counters: ServerCounters
    private let logger: Logger
    private var state = State.fresh
    private var screen: RequestScreen?
    private var requests: TokenBucket
    private var answering = false
    private var deadline: Scheduled<Void>?
    /// Who may read the answer to the present request.
    private var reader: String?
    /// While a body comes.
    private var arrival: BodyWatch?
    /// While the client does not take what is written.
    private var departure: BodyWatch?

    /// - Parameters:
    ///   - makeScreen: the screen for a connection.
    ///   - budget: told whenever a header is complete.
    ///   - limits: `headerTime` is the time for the first header.
    ///   - counters: told of refusals.
    ///   - logger: for refusals, at level debug.
    init(
        makeScreen: @escaping @Sendable (any Channel) -> RequestScreen,
        budget: HeaderBudget,
        limits: ServerLimits,
        counters: ServerCounters,
        logger: Logger
    ) {
        self.makeScreen = makeScreen
        self.budget = budget
        self.limits = limits
        requests = TokenBucket(perSecond: limits.messagesPerSecond, burst: limits.messageBurst)
        self.counters = counters
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = channel.eventLoop.scheduleTask(in: TimeAmount(limits.headerTime)) {
            channel.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        arrival?.end()
        departure?.end()
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

    func channelInactive(context: ChannelHandlerContext) {
        breakBody(.broken, context: context)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            breakBody(.broken, context: context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (state, error) {
        case (.done, _):
            break
        case (_, let error as HTTPParserError):
            // An answer that has begun cannot be replaced by another.
            guard !answering else { return context.close(promise: nil) }
            refuse(Self.refusal(for: error), context: context)
            breakBody(.broken, context: context)
        case (_, is NIOSSLError), (_, is BoringSSLError):
            // No TLS is spoken at the other end, so there is nobody who would understand an answer.
            logger.debug("A TLS connection broke.", metadata: ["error": "\(error)"])
            breakBody(.broken, context: context)
            context.close(promise: nil)
        default:
            context.fireErrorCaught(error)
        }
    }

    func read(context: ChannelHandlerContext) {
        arrival?.wait()
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let channel = context.channel
        if channel.isWritable {
            departure?.end()
            departure = nil
        } else {
            departure =
                departure
                ?? BodyWatch(limits: limits, eventLoop: channel.eventLoop) { [logger] in
                    logger.debug("A client does not take its answer.")
                    channel.close(promise: nil)
                }
            departure?.wait()
        }
        context.fireChannelWritabilityChanged()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .done = state {
            // Another answer has gone out in place of this one.
            promise?.fail(ChannelError.outputClosed)
            return
        }
        guard case .serving(var closing) = state else { return context.write(data, promise: promise) }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            answering = true
            // What is left of a body that nobody wants is not read.
            closing = closing || arrival != nil
            state = .serving(closing: closing)
            ResponseHeaders.complete(&head.headers, reader: reader)
            if closing {
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            answering = false
            guard closing else { return context.write(data, promise: promise) }
            endArrival()
            finish()
            let channel = context.channel
            let written = promise ?? channel.eventLoop.makePromise()
            written.futureResult.whenSuccess { LingeringClose.begin(on: channel) }
            context.write(data, promise: written)
        }
    }

    private func receive(_ data: NIOAny, isFirst: Bool, context: ChannelHandlerContext) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            receive(head, isFirst: isFirst, context: context)
        case .body(let bytes):
            arrival?.moved(bytes.readableBytes)
            context.fireChannelRead(data)
        case .end:
            if arrival != nil {
                budget.bodyCompleted()
                endArrival()
            }
            context.fireChannelRead(data)
        }
    }

    private func receive(_ received: HTTPRequestHead, isFirst: Bool, context: ChannelHandlerContext) {
        var head = received
        deadline?.cancel()
        deadline = nil
        let screen = screen ?? makeScreen(context.channel)
        self.screen = screen
        reader = screen.reader(of: head)
        let now = Duration.nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds))
        let isEarly = requests.take(at: now) > .zero
        let verdict = isEarly ? .refuse(Self.tooFast) : screen.verdict(on: head, isFirst: isFirst)
        if case .receive = verdict {
            budget.headCompleted(bodyFollows: true)
        } else {
            budget.headCompleted()
        }
        switch verdict {
        case .serve:
            state = .serving(closing: false)
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .serveAndClose:
            state = .serving(closing: true)
            head.headers.remove(name: "Upgrade")
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .receive(let closing):
            state = .serving(closing: closing)
            head.headers.remove(name: "Upgrade")
            beginArrival(of: head, context: context)
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .upgrade:
            state = .upgrading
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .refuse(let refusal):
            refuse(refusal, context: context)
        }
    }

    /// From here on a body comes. A client that waits for leave to send it (RFC 9110 section 10.1.1) gets it.
    private func beginArrival(of head: HTTPRequestHead, context: ChannelHandlerContext) {
        let bound = context.loopBound
        arrival = BodyWatch(limits: limits, eventLoop: context.eventLoop) { [weak self] in
            self?.bodyIsTooSlow(context: bound.value)
        }
        if head.version == .http1_1, head.headers[canonicalForm: "Expect"].contains("100-continue") {
            let leave = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(leave)), promise: nil)
        }
    }

    private func endArrival() {
        arrival?.end()
        arrival = nil
    }

    private func bodyIsTooSlow(context: ChannelHandlerContext) {
        guard arrival != nil else { return }
        if answering {
            context.close(promise: nil)
        } else {
            refuse(Refusal(408, "too_slow", "The body comes too slowly."), context: context)
        }
        breakBody(.tooSlow, context: context)
    }

    /// Tells whoever reads a body that the rest will not come. Without it, the end of the input would pass for its end.
    private func breakBody(_ fault: BodyFault, context: ChannelHandlerContext) {
        guard arrival != nil else { return }
        endArrival()
        context.fireErrorCaught(fault)
    }

    private func finish() {
        state = .done
        departure?.end()
        departure = nil
    }

    private func refuse(_ refusal: Refusal, context: ChannelHandlerContext) {
        finish()
        counters.rejected(code: refusal.code)
        logger.debug("Request refused.", metadata: ["code": "\(refusal.code)", "why": "\(refusal.message)"])
        let channel = context.channel
        do {
            for part in try refusal.parts(allocator: channel.allocator, reader: reader).dropLast() {
                context.write(wrapOutboundOut(part), promise: nil)
            }
        } catch {
            logger.error("A refusal cannot be encoded.", metadata: ["error": "\(error)"])
            return context.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in LingeringClose.begin(on: channel) }
    }

    private static let tooFast = Refusal(
        429,
        "requests_too_fast",
        "Requests come too fast on this connection. Try again later.",
        fields: [.init(name: "Retry-After", value: "1")]
    )

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
