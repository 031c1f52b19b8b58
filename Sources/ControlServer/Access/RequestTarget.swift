/// A request target taken apart: path and query as they came, and the query's items decoded.
struct RequestTarget: Sendable, Hashable {
    let path: Substring
    private let query: Substring

    /// - Parameter text: the target of a request line in origin form.
    init(_ text: String) {
        let whole = text.prefix { $0 != "#" }
        path = whole.prefix { $0 != "?" }
        query = whole.dropFirst(path.count + 1)
    }

    /// Whether every escape, in path and query, is whole and stands for UTF-8.
    var isDecodable: Bool {
        PercentCoding.decoded(path) != nil && PercentCoding.decoded(query) != nil
    }

    /// The decoded values of all items with a name.
    func values(of name: String) -> [String] {
        query.split(separator: "&").compactMap { item in
            let key = item.prefix { $0 != "=" }
            guard key == name else { return nil }
            return PercentCoding.decoded(item.dropFirst(key.count + 1))
        }
    }
}
