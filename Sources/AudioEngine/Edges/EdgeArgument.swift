/// `kind` or `kind:detail`, cut at the first colon. An empty detail counts as none.
struct EdgeArgument {
    let kind: String
    let detail: String?

    init(_ argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        kind = String(parts[0])
        detail = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : nil
    }
}
