/// What a client takes besides plain bodies (RFC 9110 section 12.5.3).
enum ContentCoding {
    /// - Parameter fields: the values of all `Accept-Encoding` headers.
    static func acceptsGzip(_ fields: [String]) -> Bool {
        let weights = fields.flatMap { $0.lowercased().split(separator: ",") }.map(weight)
        let own = weights.last { $0.coding == "gzip" } ?? weights.last { $0.coding == "*" }
        return (own?.weight ?? 0) > 0
    }

    private static func weight(_ entry: Substring) -> (coding: Substring, weight: Double) {
        let parts = entry.split(separator: ";").map { part in part.filter { $0 != " " && $0 != "\t" } }
        let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
        return (Substring(parts.first ?? ""), quality ?? 1)
    }
}
