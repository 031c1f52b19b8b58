import NIOCore
import NIOWebSocket

/// Frames of one client → whole text messages and control events, by the rules of RFC 6455 sections 5 to 7.
///
/// NIO's own aggregator keeps every fragment as a frame until the last one, so that a message of one-byte fragments
/// takes a hundred times its size; and its decoder judges neither masks nor reserved bits nor opcodes. This one copies
/// a fragment's bytes at once and judges all of it.
struct MessageAssembler: Sendable {
    enum Event: Hashable, Sendable {
        /// A fragment was taken and its message goes on, or what came is thrown away.
        case incomplete
        /// A whole text message: valid UTF-8.
        case message([UInt8])
        case ping(ByteBuffer)
        case pong
        /// The peer closes; what to answer.
        case closed(CloseReason)
        /// The peer broke a rule; why to close.
        case violation(CloseReason)
    }

    private let limit: Int
    private let takesMessages: Bool
    /// What has come of the message so far.
    private var bytes: [UInt8] = []
    /// Whether a message has begun and not ended.
    private var isOpen = false

    /// - Parameters:
    ///   - limit: bytes of a message, its fragments together.
    ///   - takesMessages: whether messages matter; otherwise they are thrown away, whatever they hold.
    init(limit: Int, takesMessages: Bool = true) {
        self.limit = limit
        self.takesMessages = takesMessages
    }

    /// Takes the next frame. Takes no more after `closed` or `violation`.
    mutating func receive(_ frame: WebSocketFrame) -> Event {
        guard frame.maskKey != nil else {
            return .violation(.protocolError("Frames of a client must be masked."))
        }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return .violation(.protocolError("No extension was agreed on."))
        }
        switch frame.opcode {
        case .text, .binary, .continuation:
            guard takesMessages else { return .incomplete }
            return takeData(frame)
        case .ping:
            return .ping(frame.unmaskedData)
        case .pong:
            return .pong
        case .connectionClose:
            return close(frame.unmaskedData)
        default:
            return .violation(.protocolError("An unknown opcode."))
        }
    }

    private mutating func takeData(_ frame: WebSocketFrame) -> Event {
        switch frame.opcode {
        case .text:
            guard !isOpen else {
                return .violation(.protocolError("A message began before the last one ended."))
            }
            return append(frame)
        case .continuation:
            guard isOpen else {
                return .violation(.protocolError("A continuation without a beginning."))
            }
            return append(frame)
        default:
            return .violation(isOpen ? .protocolError("A message began before the last one ended.") : .notText)
        }
    }

    private mutating func append(_ frame: WebSocketFrame) -> Event {
        guard bytes.count + frame.data.readableBytes <= limit else {
            return .violation(.tooLarge(limit: limit))
        }
        bytes.append(contentsOf: frame.unmaskedData.readableBytesView)
        isOpen = !frame.fin
        guard frame.fin else { return .incomplete }
        defer { bytes = [] }
        return String(validating: bytes, as: UTF8.self) == nil ? .violation(.notUTF8) : .message(bytes)
    }

    private func close(_ payload: ByteBuffer) -> Event {
        var payload = payload
        guard payload.readableBytes > 0 else { return .closed(.normal) }
        guard let code = payload.readInteger(as: UInt16.self), CloseReason.isSendable(code) else {
            return .violation(.protocolError("A close code that must not be sent."))
        }
        guard String(validating: payload.readableBytesView, as: UTF8.self) != nil else {
            return .violation(.notUTF8)
        }
        return .closed(CloseReason(code: code, words: ""))
    }
}
