import Testing

@testable import SoundpostChannels

/// Two ends of shared memory in this process, without messages.
struct RingPair: Sendable {
    let server: RingConnection
    let client: RingConnection
    /// Keeps the directory.
    private let directory: TemporaryDirectory

    init(ringBytes: Int = 65_536, wait: WaitStrategy = .sleeping, backing: RegionBacking = .ofSystem) throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        let listener = try SharedMemoryServer(
            "rings", ringBytes: ringBytes, codec: .raw, wait: wait, in: directory.place, backing: backing)
        let accepted = Promise<Result<RingConnection, any Error>>()
        BackgroundThread.start("accept") { accepted.set(Result { try listener.acceptRings() }) }
        client = try RingConnection.connect("rings", codec: .raw, wait: wait, in: directory.place, backing: backing)
        server = try accepted.wait().get()
    }
}

extension RingConnection {
    /// Sends a record whose bytes follow from `seed`.
    func send(_ count: Int, seed: UInt64, timeout: Duration? = nil) throws {
        let loan = try loan(count, timeout: timeout)
        Pattern.fill(loan.bytes, seed)
        loan.publish()
    }

    /// Length of the next record; nil at the end. Its bytes have to follow from `seed`.
    func receive(seed: UInt64, timeout: Duration? = nil) throws -> Int? {
        guard let record = try borrow(timeout: timeout) else { return nil }
        if !Pattern.fits(record.bytes, seed) { Issue.record("a record of \(record.bytes.count) bytes came changed") }
        return record.bytes.count
    }
}

/// Bytes that tell where they are and what they belong to.
enum Pattern {
    private static func word(_ index: Int, _ seed: UInt64) -> UInt64 {
        (UInt64(index) &+ seed &* 0x9E37_79B9) &* 0x9E37_79B9_7F4A_7C15
    }

    static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ seed: UInt64) {
        let words = bytes.count / 8
        for index in 0..<words { bytes.storeBytes(of: word(index, seed), toByteOffset: index * 8, as: UInt64.self) }
        for offset in words * 8..<bytes.count { bytes[offset] = UInt8(truncatingIfNeeded: word(offset, seed) >> 32) }
    }

    static func fits(_ bytes: UnsafeRawBufferPointer, _ seed: UInt64) -> Bool {
        let words = bytes.count / 8
        for index in 0..<words where bytes.load(fromByteOffset: index * 8, as: UInt64.self) != word(index, seed) {
            return false
        }
        for offset in words * 8..<bytes.count
        where bytes[offset] != UInt8(truncatingIfNeeded: word(offset, seed) >> 32) {
            return false
        }
        return true
    }
}
