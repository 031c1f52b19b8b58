import NIOCore
import NIOHTTP1

/// One HTTP request on a connection of its own, with bodies that need not fit into memory.
struct HTTPExchange {
    private typealias Wrapped = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private static let longestRefusal = 64 * 1024

    private let bootstrap: Bootstrap

    init(_ bootstrap: Bootstrap) {
        self.bootstrap = bootstrap
    }

    /// Hands the body of a successful answer to `take`, piece by piece.
    func get(_ path: String, take: (ByteBuffer) throws -> Void) async throws {
        try await run(head(.GET, path, bootstrap.headers), nextPiece: { nil }, take: take)
    }

    /// Sends a body of a known length, piece by piece.
    ///
    /// - Parameter nextPiece: gives nil at the end.
    func post(
        _ path: String,
        type: String,
        length: Int,
        nextPiece: @escaping @Sendable () throws -> ByteBuffer?
    ) async throws {
        var headers = bootstrap.headers
        headers.add(name: "Content-Type", value: type)
        headers.add(name: "Content-Length", value: "\(length)")
        try await run(head(.POST, path, headers), nextPiece: nextPiece, take: { _ in })
    }

    private func head(_ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders) -> HTTPRequestHead {
        var headers = headers
        headers.add(name: "Connection", value: "close")
        return HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
    }

    private func run(
        _ head: HTTPRequestHead,
        nextPiece: @escaping @Sendable () throws -> ByteBuffer?,
        take: (ByteBuffer) throws -> Void
    ) async throws {
        let connection = try await bootstrap.connect { channel in
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            let wrapped = try Wrapped(wrappingChannelSynchronously: channel)
            return channel.eventLoop.makeSucceededFuture(wrapped)
        }
        let address = bootstrap.configuration.address
        do {
            try await connection.executeThenClose { inbound, outbound in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    // A node may refuse before it has read everything, so its answer is read meanwhile.
                    group.addTask {
                        try await outbound.write(.head(head))
                        while let piece = try nextPiece() { try await outbound.write(.body(.byteBuffer(piece))) }
                        try await outbound.write(.end(nil))
                    }
                    defer { group.cancelAll() }
                    try await read(inbound, take)
                }
            }
        } catch let error as IOError {
            throw ClientError(.connectionLost, "The connection to \(address) was lost: \(error)", cause: error)
        }
    }

    private func read(
        _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>,
        _ take: (ByteBuffer) throws -> Void
    ) async throws {
        let address = bootstrap.configuration.address
        var refusedStatus: Int?
        var refusal = ByteBuffer()
        for try await part in inbound {
            switch part {
            case .head(let head):
                refusedStatus = (200..<300).contains(head.status.code) ? nil : Int(head.status.code)
            case .body(var piece) where refusedStatus != nil:
                if refusal.readableBytes < Self.longestRefusal { refusal.writeBuffer(&piece) }
            case .body(let piece):
                try take(piece)
            case .end:
                guard let refusedStatus else { return }
                let body = Array(refusal.readableBytesView)
                throw ClientError(refusedBy: address, status: refusedStatus, body: body)
            }
        }
        throw ClientError(.connectionLost, "\(address) closed the connection before its answer was complete.")
    }
}
