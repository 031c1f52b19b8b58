import ControlProtocol
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// The paths over which whole files come and go.
struct FileRoutes: Sendable {
    private struct Stored: Encodable {
        /// The name by which `sim_start` plays the file.
        var path: String
    }

    /// Bytes that are read from disk at once.
    private static let chunkBytes = 128 * 1024

    private let backend: any ControlBackend
    private let live: LiveRules
    private let transfers = Transfers()

    init(backend: any ControlBackend, live: LiveRules) {
        self.backend = backend
        self.live = live
    }

    /// `POST /api/audio/upload?name=NAME`: the body is an audio file.
    func uploadAudio(_ request: Request, _ context: ControlContext) async throws -> Response {
        let names = RequestTarget(request.head.path ?? "").values(of: "name")
        guard names.count == 1 else {
            throw Refusal(400, "bad_field", "The file's name is missing: ?name=NAME, once.", field: "name")
        }
        return try await receive(request, limit: try limits.uploadBytes) { file in
            let path = try await answer { () throws(ControlError) in
                try await backend.storeAudio(file.url, named: names[0], by: context.peer)
            }
            return Response.json(try MessageEncoder().json(Stored(path: path)))
        }
    }

    /// `POST /api/archive`: the body is an archive.
    func importArchive(_ request: Request, _ context: ControlContext) async throws -> Response {
        try await receive(request, limit: try limits.archiveBytes) { file in
            let summary = try await answer { () throws(ControlError) in
                try await backend.importArchive(from: file.url, by: context.peer)
            }
            return Response.json(try MessageEncoder().json(summary))
        }
    }

    /// `GET /api/archive`. The file has no name any more when its first byte leaves, so that nothing stays of a
    /// transfer that breaks.
    func exportArchive(_ request: Request, _ context: ControlContext) async throws -> Response {
        let headers: HTTPFields = [
            .contentType: "application/zip",
            .contentDisposition: "attachment; filename=\"soundpost-archive.zip\"",
        ]
        let slot = try transfers.take(limit: try limits.transfers)
        // The length would have to be found by making it.
        guard request.method != .head else { return Response(status: .ok, headers: headers) }
        let archive = try await makeArchive(by: context.peer)
        let size = try archive.size()
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(contentLength: size) { writer in
                var rest = size
                while rest > 0 {
                    let bytes = try await archive.read(upTo: min(rest, Self.chunkBytes))
                    guard bytes.readableBytes > 0 else { throw BodyFault.broken }
                    rest -= bytes.readableBytes
                    try await writer.write(bytes)
                }
                try await writer.finish(nil)
                withExtendedLifetime(slot) {}
            }
        )
    }

    private func makeArchive(by peer: String) async throws -> TemporaryFile {
        let url = try temporaryFile()
        do {
            try await answer { () throws(ControlError) in try await backend.exportArchive(to: url, by: peer) }
            let archive = try TemporaryFile(opening: url)
            archive.remove()
            return archive
        } catch {
            TemporaryFile.remove(url)
            throw error
        }
    }

    private var limits: ServerLimits {
        get throws { try live.current.configuration.limits }
    }

    /// Writes the body into a temporary file, has it used, and removes it if it is still there.
    private func receive(
        _ request: Request,
        limit: Int,
        _ use: (TemporaryFile) async throws -> Response
    ) async throws -> Response {
        let slot = try transfers.take(limit: try limits.transfers)
        defer { withExtendedLifetime(slot) {} }
        let file = try TemporaryFile(making: try temporaryFile())
        defer { file.remove() }
        try await fill(file, from: request, limit: limit)
        return try await use(file)
    }

    private func fill(_ file: TemporaryFile, from request: Request, limit: Int) async throws {
        var count = 0
        do {
            for try await bytes in request.body {
                count += bytes.readableBytes
                guard count <= limit else { throw BodyRules.tooLarge(limit) }
                try await file.append(bytes)
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            // The connection broke, in one of many ways.
            throw BodyFault.broken
        }
        if let stated = request.headers[.contentLength], Int(stated) != count {
            throw BodyFault.broken
        }
    }

    private func temporaryFile() throws -> URL {
        do throws(ControlError) {
            return try backend.temporaryFile()
        } catch {
            throw Refusal(error)
        }
    }

    private func answer<Value>(_ body: () async throws(ControlError) -> Value) async throws(Refusal) -> Value {
        do throws(ControlError) {
            return try await body()
        } catch {
            throw Refusal(error)
        }
    }
}
