/// An id as part of a path (README decision 17): `[A-Za-z0-9_.#-]{1,64}`, neither `.` nor `..`.
public struct FileName: Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    /// Checks one id.
    ///
    /// - Throws: `bad_name` with what is allowed.
    public init(id: String) throws(StorageError) {
        let allowed = "_.#-".utf8
        let isAllowed = id.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || allowed.contains(byte)
        }
        guard (1...64).contains(id.utf8.count), isAllowed, id != ".", id != ".." else {
            throw StorageError(
                .badName,
                operation: "name",
                path: "'\(id.prefix(80))'",
                reason: "is no id; 1 to 64 letters, digits and _ . # - are allowed, but not . and .. alone"
            )
        }
        rawValue = id
    }

    /// A name that the program itself gives.
    ///
    /// - Precondition: it is an id.
    public init(_ name: StaticString) {
        do throws(StorageError) {
            try self.init(id: "\(name)")
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private init(unchecked rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name with a suffix of allowed characters behind it.
    public func appending(_ suffix: StaticString) -> FileName {
        FileName(unchecked: rawValue + "\(suffix)")
    }

    /// Several ids joined by dots, at most 255 bytes together: a flattened instance id. Nil for anything else.
    public init?(dotted text: String) {
        guard (1...255).contains(text.utf8.count) else { return nil }
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard (try? FileName(id: String(part))) != nil else { return nil }
        }
        rawValue = text
    }

    public var description: String { rawValue }
}
