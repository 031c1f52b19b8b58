/// Numbers in bytes whose length was checked.
struct LittleEndian {
    private let storage: [UInt8]

    init(_ bytes: [UInt8]) {
        storage = bytes
    }

    var count: Int { storage.count }

    func bytes(_ range: Range<Int>) -> [UInt8] { Array(storage[range]) }

    func u16(_ at: Int) -> Int { Int(storage[at]) | Int(storage[at + 1]) << 8 }

    func u32(_ at: Int) -> Int { u16(at) | u16(at + 2) << 16 }
}
