import HTTPTypes
import HummingbirdCore
import NIOCore

extension Response {
    static func text(_ body: String, type: String) -> Response {
        Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: body)))
    }

    static func json(_ body: String) -> Response {
        text(body, type: "application/json")
    }
}
