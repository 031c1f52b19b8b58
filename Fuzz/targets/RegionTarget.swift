import CSoundpostShims
import Foundation

@testable import SoundpostChannels

private let ringBytes = 65_536

/// A region that the other end writes to as it likes, while this end does its work by a script.
///
/// The input: a byte of choices, 256 bytes of control words, then steps of four bytes: what to do, and with what. What
/// remains fills the rings. Nothing that is borrowed or lent lies outside of its ring, and no step waits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRegion(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let input = Array(UnsafeBufferPointer(start: data, count: size))
    guard input.count > 300 else { return 0 }
    do throws(Region.Fault) {
        let descriptor = soundpost_sealed_memory("fuzz", UInt64(RegionLayout.regionBytes(ringBytes: ringBytes)))
        require(descriptor >= 0, "no memory")
        defer { close(descriptor) }
        let region = try Region(creating: descriptor, ringBytes: ringBytes, codec: .json, token: 1)
        let isCreator = input[0] & 1 == 0
        let hostile = Hostile(descriptor)
        defer { hostile.unmap() }
        hostile.fill(input, isCreator)
        var ends: [Int32] = [-1, -1]
        require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0, "no sockets")
        defer { close(ends[1]) }
        let connection = RingConnection(
            "fuzz", region, lock: Descriptor(ends[0]), isCreator: isCreator, wait: WaitStrategy(spin: .zero))
        let bounds = Bounds(region, isCreator)
        var steps = Steps(connection, bounds, asMessages: input[0] & 2 != 0)
        for start in stride(from: 257, to: min(input.count - 3, 257 + 4 * 200), by: 4) {
            let argument = UInt16(input[start + 2]) << 8 | UInt16(input[start + 3])
            if input[start] & 1 == 0 {
                hostile.poke(input[start + 1], argument, isCreator)
            } else {
                steps.perform(input[start + 1], argument)
            }
        }
    } catch {
        fatalError("the fuzzer's own region failed: \(error)")
    }
    return 0
}

/// The other end's view.
private struct Hostile {
    let base: UnsafeMutableRawPointer

    init(_ descriptor: Int32) {
        let count = RegionLayout.regionBytes(ringBytes: ringBytes)
        guard let base = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
            fatalError("no mapping")
        }
        self.base = base
    }

    func unmap() {
        munmap(base, RegionLayout.regionBytes(ringBytes: ringBytes))
    }

    func fill(_ input: [UInt8], _ isCreator: Bool) {
        // One control word a line, and what is small: counters that may be are rare among random ones.
        if input[0] & 4 != 0 {
            for (index, byte) in input[1..<257].enumerated() {
                base.storeBytes(of: byte, toByteOffset: 128 + index * 4, as: UInt8.self)
            }
        }
        let contents = input[257...]
        for copy in 0..<2 {
            let start = RegionLayout.dataOffset + copy * ringBytes
            for (index, byte) in contents.enumerated() where index < ringBytes {
                base.storeBytes(of: byte, toByteOffset: start + index, as: UInt8.self)
            }
        }
    }

    func poke(_ what: UInt8, _ argument: UInt16, _ isCreator: Bool) {
        let ring = what & 1 == 0 ? RegionLayout.ringA : RegionLayout.ringB
        let value = UInt64(argument) << (what & 2 == 0 ? 3 : 0)
        switch (what >> 2) % 8 {
        case 0: base.storeBytes(of: value, toByteOffset: ring.published, as: UInt64.self)
        case 1: base.storeBytes(of: value, toByteOffset: ring.consumed, as: UInt64.self)
        case 2: base.storeBytes(of: UInt32(argument & 1), toByteOffset: ring.ended, as: UInt32.self)
        case 3: base.storeBytes(of: UInt32(argument), toByteOffset: ring.dataWait, as: UInt32.self)
        case 4: base.storeBytes(of: UInt32(argument), toByteOffset: ring.spaceWait, as: UInt32.self)
        case 5:
            // What was published and more.
            let seen = base.load(fromByteOffset: ring.published, as: UInt64.self)
            base.storeBytes(of: seen &+ value, toByteOffset: ring.published, as: UInt64.self)
        case 6:
            let seen = base.load(fromByteOffset: ring.published, as: UInt64.self)
            base.storeBytes(of: seen &- value, toByteOffset: ring.consumed, as: UInt64.self)
        default:
            // A record's header where the next one may begin.
            let seen = base.load(fromByteOffset: ring.published, as: UInt64.self)
            let start = RegionLayout.dataOffset + (what & 1 == 0 ? 0 : ringBytes)
            let place = start + Int(seen & UInt64(ringBytes - 8))
            base.storeBytes(of: UInt32(argument), toByteOffset: place, as: UInt32.self)
            base.storeBytes(of: UInt32(what >> 5 & 3), toByteOffset: place + 4, as: UInt32.self)
        }
    }
}

/// Where what is handed out has to lie.
private struct Bounds {
    let incoming: Ring
    let outgoing: Ring

    init(_ region: Region, _ isCreator: Bool) {
        incoming = region.ring(isCreator ? RegionLayout.ringB : RegionLayout.ringA)
        outgoing = region.ring(isCreator ? RegionLayout.ringA : RegionLayout.ringB)
    }

    func check(_ bytes: UnsafeRawBufferPointer, in ring: Ring) {
        guard let start = bytes.baseAddress else { return }
        require(bytes.count <= ring.capacity / 2, "a record of \(bytes.count) bytes")
        let offset = start - UnsafeRawPointer(ring.bytes)
        require(offset >= 8 && offset + bytes.count <= 2 * ring.capacity, "a record outside of its ring")
    }
}

private struct Steps {
    let connection: RingConnection
    let bounds: Bounds
    let transport: SharedMemoryTransport?

    init(_ connection: RingConnection, _ bounds: Bounds, asMessages: Bool) {
        self.connection = connection
        self.bounds = bounds
        transport = asMessages ? SharedMemoryTransport(connection) : nil
    }

    mutating func perform(_ what: UInt8, _ argument: UInt16) {
        if let transport { message(over: transport, what, argument) } else { record(what, argument) }
    }

    private func message(over transport: SharedMemoryTransport, _ what: UInt8, _ argument: UInt16) {
        do throws(TransportFault) {
            switch what % 8 {
            case 0...3:
                try transport.receive(.now) { frame in
                    guard case .encoded(let bytes) = frame else { fatalError("not encoded") }
                    require(bytes.count <= Message.maximumBytes, "a message of \(bytes.count) bytes")
                }
            case 4...6:
                // A longer one than a record goes in parts; what has no room now goes before the next one.
                _ = try transport.send(
                    .encoded([UInt8](repeating: 120, count: Int(argument) % (ringBytes * 2))), .now, waits: false)
            default:
                if argument % 16 == 0 { transport.finish() }
                if argument == 1 { transport.close() }
            }
        } catch {
            return
        }
    }

    private func record(_ what: UInt8, _ argument: UInt16) {
        do throws(ChannelError) {
            switch what % 8 {
            case 0...3:
                guard let record = try connection.borrow(timeout: .zero) else { return }
                bounds.check(record.bytes, in: bounds.incoming)
                _ = record.bytes.reduce(0) { $0 &+ $1 }
            case 4...6:
                let loan = try connection.loan(Int(argument), timeout: .zero)
                bounds.check(UnsafeRawBufferPointer(loan.bytes), in: bounds.outgoing)
                loan.bytes.initializeMemory(as: UInt8.self, repeating: what)
                if what & 64 == 0 { loan.publish(Int(argument) / (1 + Int(what >> 7))) }
            default:
                if argument % 16 == 0 { connection.end() }
                if argument == 1 { connection.close() }
            }
        } catch {
            require(!error.message.isEmpty, "an error without a word")
        }
    }
}
