/// Where things lie in a region (docs/protocols/shared-memory.md).
enum RegionLayout {
    static let magic: UInt32 = 0x534D_454D
    static let version: UInt8 = 1
    static let kindOfRings: UInt8 = 2

    enum Offset {
        static let magic = 0
        static let version = 4
        static let kind = 5
        static let codec = 6
        static let dataSize = 8
        static let ringBytes = 12
        static let created = 16
        static let creatorProcess = 24
        static let peerProcess = 28
        static let token = 32
        static let dataOffset = 40
    }

    /// The words of one ring, from the start of the region.
    struct Words {
        let published: Int
        let consumed: Int
        let dataWait: Int
        let spaceWait: Int

        var ended: Int { published + 8 }

        init(at start: Int) {
            published = start
            consumed = start + 128
            dataWait = start + 256
            spaceWait = start + 384
        }
    }

    /// What the creator sends.
    static let ringA = Words(at: 128)
    /// What the peer sends.
    static let ringB = Words(at: 640)

    /// A multiple of every page size in use.
    static let dataOffset = 65_536
    static let ringSizes = 65_536...1 << 30
    static let recordHeader = 8
    /// Flag of a record: the message goes on in the next one.
    static let moreFollows: UInt32 = 1

    static func regionBytes(ringBytes: Int) -> Int { dataOffset + 2 * ringBytes }

    /// The smallest legal ring that holds `bytes`.
    static func ringBytes(atLeast bytes: Int) -> Int {
        var size = ringSizes.lowerBound
        while size < min(bytes, ringSizes.upperBound) { size *= 2 }
        return size
    }

    static func isLegal(ringBytes: Int) -> Bool {
        ringSizes.contains(ringBytes) && ringBytes & (ringBytes - 1) == 0
    }

    /// What a record of `length` bytes takes up.
    static func space(for length: Int) -> Int { (recordHeader + length + 7) & ~7 }
}
