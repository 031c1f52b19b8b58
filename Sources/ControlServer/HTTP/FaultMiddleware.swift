import ControlProtocol
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Turns whatever goes wrong in a route into a JSON error.
struct FaultMiddleware: RouterMiddleware {
    typealias Context = ControlContext

    /// The methods of RFC 9110 and RFC 5789, and QUERY, which is on its way to be one. Any other is answered 501.
    static let knownMethods: Set<HTTPRequest.Method> = {
        let methods: Set<HTTPRequest.Method> = [
            .get, .head, .post, .put, .delete, .options, .trace, .connect, .patch,
        ]
        return methods.union(["QUERY"].compactMap { HTTPRequest.Method(rawValue: $0) })
    }()

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard Self.knownMethods.contains(request.method) else {
            return try answer(
                to: request,
                with: Refusal(501, "unknown_method", "The method \(request.method.rawValue) is not known here.")
            )
        }
        // The router passes over empty segments; two paths for one thing would get past rules about paths.
        let path = request.uri.path
        guard !path.contains("//"), path == "/" || !path.hasSuffix("/") else {
            return try answer(to: request, with: Self.notFound(path))
        }
        do {
            return try await next(request, context)
        } catch let refusal as Refusal {
            return try answer(to: request, with: refusal)
        } catch let error as ControlError {
            return try answer(to: request, with: Refusal(error))
        } catch let error as HTTPError where error.status == .notFound {
            return try answer(to: request, with: Self.notFound(path))
        } catch is BodyFault {
            // Mostly nobody is there any more to read this.
            return try answer(to: request, with: Refusal(400, "broken_body", "The body ended before its end."))
        } catch {
            context.logger.error("A request failed.", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return try answer(
                to: request,
                with: Refusal(500, "internal_error", "The node failed to answer. Its log says why.")
            )
        }
    }

    private static func notFound(_ path: String) -> Refusal {
        Refusal(404, "not_found", "There is nothing at '\(Refusal.quoted(path))'.")
    }

    private func answer(to request: Request, with refusal: Refusal) throws -> Response {
        var headers = HTTPFields([.init(name: .contentType, value: "application/json")])
        for field in refusal.fields {
            if let name = HTTPField.Name(field.name) {
                headers[name] = field.value
            }
        }
        let response = Response(
            status: .init(code: refusal.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: try refusal.body()))
        )
        return request.method == .head ? response.createHeadResponse() : response
    }
}
