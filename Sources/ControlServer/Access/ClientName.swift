/// The name that a WebSocket client gives itself: `/ws?client=NAME`.
enum ClientName {
    /// What a server calls a client without a name, so that nobody can take the name of such a one.
    static let reservedPrefix = "ws-"

    /// The name in a handshake's target; nil for none.
    ///
    /// - Throws: `bad_client_name` with what a name may be.
    static func read(from target: RequestTarget) throws(Refusal) -> String? {
        let names = target.values(of: "client")
        guard let name = names.first else { return nil }
        guard names.count == 1, (1...64).contains(name.utf8.count), name.utf8.allSatisfy(isNameByte),
            !name.hasPrefix(reservedPrefix)
        else {
            throw Refusal(
                400,
                "bad_client_name",
                "A client name is 1 to 64 letters, digits and _ . # -, does not begin with '\(reservedPrefix)', and is "
                    + "given once."
            )
        }
        return name
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "_.#-".utf8.contains(byte)
    }
}
