import NIOCore
import NIOPosix
import NIOSSL

/// A client that sends exactly the bytes it is told to and takes answers apart byte by byte.
final class TestClient {
    enum Fault: Error {
        case unexpected(String)
        case endOfInput
    }

    struct Response {
        var status: Int
        var fields: [String: String]
        var body: String
    }

    struct Frame: Hashable {
        var fin: Bool
        var opcode: UInt8
        var payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// The code of a close frame.
        var closeCode: Int? {
            opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
        }
    }

    static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    /// The answer to ``key`` that RFC 6455 section 1.3 gives.
    static let acceptance = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    let port: Int
    private let channel: any Channel
    private var input: AsyncStream<ByteBuffer>.Iterator
    private var buffer = ByteBuffer()

    /// - Parameters:
    ///   - port: of the server.
    ///   - reads: whether input is read before ``startReading()``.
    ///   - tls: speaks TLS by it; nil for plain text.
    init(port: Int, reads: Bool = true, tls: NIOSSLContext? = nil) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        self.port = port
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: nil)
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(InputHandler(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        input = stream.makeAsyncIterator()
    }

    deinit {
        channel.close(promise: nil)
    }

    /// Trusts one certificate.
    static func tls(
        trusting certificate: String,
        upTo version: TLSVersion = .tlsv13
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
        configuration.minimumTLSVersion = .tlsv1
        configuration.maximumTLSVersion = version
        configuration.certificateVerification = .noHostnameVerification
        return try NIOSSLContext(configuration: configuration)
    }

    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    func close() {
        channel.close(promise: nil)
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Queues bytes without waiting until the socket takes them.
    func sendLater(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func requestText(_ line: String, _ fields: [String]) -> String {
        "\(line) HTTP/1.1\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n"
    }

    func handshakeText(path: String = "/ws", host: String? = nil, _ fields: [String] = []) -> String {
        requestText(
            "GET \(path)",
            [
                "Host: \(host ?? "127.0.0.1:\(port)")", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(Self.key)",
            ] + fields
        )
    }

    func handshake(path: String = "/ws", host: String? = nil, _ fields: [String] = []) async throws -> Response {
        try await send(handshakeText(path: path, host: host, fields))
        return try await response()
    }

    /// Reads one HTTP response.
    func response(toHead: Bool = false) async throws -> Response {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard let byte = try await bytes(1) else { throw Fault.endOfInput }
            head += byte
        }
        var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        guard let status = Int(lines.removeFirst().split(separator: " ")[1]) else {
            throw Fault.unexpected("no status line")
        }
        var fields: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased()] = parts[1].drop(while: { $0 == " " }).description
        }
        let hasBody = !toHead && status >= 200
        let length = hasBody ? Int(fields["content-length"] ?? "0") ?? 0 : 0
        guard let body = try await bytes(length) else { throw Fault.endOfInput }
        return Response(status: status, fields: fields, body: String(decoding: body, as: UTF8.self))
    }

    /// Reads one frame; nil when the connection has ended.
    func frame() async throws -> Frame? {
        guard let start = try await bytes(2) else { return nil }
        guard start[1] & 0x80 == 0 else { throw Fault.unexpected("a server's frame is masked") }
        var length = Int(start[1])
        if length >= 126 {
            guard let long = try await bytes(length == 126 ? 2 : 8) else { return nil }
            length = long.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let payload = try await bytes(length) else { return nil }
        return Frame(fin: start[0] & 0x80 != 0, opcode: start[0] & 0x0F, payload: payload)
    }

    /// Reads the text of the next frame.
    func text() async throws -> String {
        guard let frame = try await frame() else { throw Fault.endOfInput }
        guard frame.opcode == 1, frame.fin else { throw Fault.unexpected("\(frame)") }
        return frame.text
    }

    /// Reads to the close frame and to the end of the connection; nil when the connection ended without one.
    func closeCode() async throws -> Int? {
        var code: Int?
        while let frame = try await frame() {
            code = frame.closeCode ?? code
        }
        return code
    }

    /// Waits for the end of the connection, throwing away what comes before it.
    func end() async {
        while await input.next() != nil {}
    }

    func sendText(_ text: String) async throws {
        try await send(Self.frame(opcode: 1, Array(text.utf8)))
    }

    /// The bytes of a frame, masked unless told otherwise.
    static func frame(
        fin: Bool = true,
        reserved: UInt8 = 0,
        opcode: UInt8,
        _ payload: [UInt8],
        masked: Bool = true
    ) -> [UInt8] {
        var bytes = [(fin ? 0x80 : 0) | reserved << 4 | opcode]
        let mark: UInt8 = masked ? 0x80 : 0
        switch payload.count {
        case ...125:
            bytes.append(mark | UInt8(payload.count))
        case ...0xFFFF:
            bytes += [mark | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(mark | 127)
            bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        guard masked else { return bytes + payload }
        let mask: [UInt8] = [0x11, 0x22, 0x33, 0x44]
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// Reads exactly `count` bytes; nil when the input ends before.
    private func bytes(_ count: Int) async throws -> [UInt8]? {
        while buffer.readableBytes < count {
            guard var more = await input.next() else { return nil }
            buffer.discardReadBytes()
            buffer.writeBuffer(&more)
        }
        return buffer.readBytes(length: count)
    }
}

private final class InputHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
