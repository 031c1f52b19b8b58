import ControlProtocol
import Synchronization

/// The documents of the interface, made when they are asked for first: they do not change while the process runs.
final class InterfaceDocuments: Sendable {
    private enum Document: Hashable {
        case page, openAPI, asyncAPI
    }

    private let texts = Mutex<[Document: String]>([:])

    /// - Parameter routes: the server's table, always the same.
    func page(_ routes: @autoclosure () -> [Route]) throws -> String {
        try text(.page) {
            try DocumentationPage(
                routes: routes(),
                areas: MessageCatalog.standard.documents,
                version: ProductVersion.current
            ).html()
        }
    }

    /// - Parameter routes: the server's table, always the same.
    func openAPI(_ routes: @autoclosure () -> [Route]) throws -> String {
        try text(.openAPI) {
            try MessageEncoder().json(OpenAPIDocument(routes: routes(), version: ProductVersion.current).json)
        }
    }

    func asyncAPI() throws -> String {
        try text(.asyncAPI) { try MessageEncoder().json(AsyncAPIDocument().json) }
    }

    private func text(_ document: Document, _ make: () throws -> String) throws -> String {
        if let text = texts.withLock({ $0[document] }) { return text }
        let text = try make()
        texts.withLock { $0[document] = text }
        return text
    }
}
