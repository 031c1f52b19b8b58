/// The rule for names that clients give themselves.
enum ClientName {
    /// - Throws: ``ClientError`` with the code `bad_address` that says what would be right.
    static func check(_ name: String?) throws(ClientError) {
        guard let name else { return }
        let isLegal = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "#"),
                UInt8(ascii: "-"):
                true
            default:
                false
            }
        }
        guard isLegal, (1...64).contains(name.utf8.count), !name.hasPrefix("ws-") else {
            throw ClientError(
                .badAddress,
                "'\(name)' is no name for a client: 1 to 64 letters, digits and _ . # -, not beginning with ws-."
            )
        }
    }
}
