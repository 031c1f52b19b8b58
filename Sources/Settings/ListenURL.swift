/// Where a node listens: `http://HOST:PORT` or `https://HOST:PORT`.
public struct ListenURL: Sendable, Hashable, CustomStringConvertible {
    public enum Scheme: String, Sendable {
        case http, https
    }

    public var scheme: Scheme
    /// A name or a numeric address, an IPv6 address without its brackets.
    public var host: String
    /// 0…65535; 0 takes a free port.
    public var port: Int

    public init(scheme: Scheme = .http, host: String, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Nil for what is not of the form. A `/` at the end is dropped.
    public init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
        else { return nil }
        var authority = text[separator.upperBound...]
        if authority.last == "/" { authority.removeLast() }
        guard let colon = authority.lastIndex(of: ":") else { return nil }
        let digits = authority[authority.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(digits), port <= 65535
        else { return nil }
        var host = authority[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isHostByte) else { return nil }
        self.init(scheme: scheme, host: String(host), port: port)
    }

    public var description: String {
        "\(scheme.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return letters.contains(byte | 0x20) || digits.contains(byte) || ".-_:".utf8.contains(byte)
    }
}

extension ListenURL: SettingRepresentable {
    public init?(_ value: SettingValue) {
        guard case .text(let text) = value else { return nil }
        self.init(text)
    }

    public var settingValue: SettingValue { .text(description) }
}
