#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Synchronization

/// A mapped region with two rings.
///
/// Everything in it can be changed by the other end at any time. What is here only says where things lie; readers and
/// writers check what they find. The mapping lives as long as this object.
final class Region: @unchecked Sendable {
    // Unchecked: the words are only used as atomics; a ring's bytes belong to its writer until published, to its reader
    // until given back.
    let ringBytes: Int
    let codec: UInt8
    let token: UInt64
    private let control: UnsafeMutableRawPointer
    private let data: UnsafeMutableRawPointer

    enum Fault: Error, CustomStringConvertible {
        case system(String)
        /// The other end's region is not as it has to be.
        case invalid(String)

        var description: String {
            switch self {
            case .system(let text): "the region cannot be mapped: \(text)"
            case .invalid(let text): "the region is not as it has to be: \(text)"
            }
        }
    }

    /// Maps a new region and writes its header.
    init(creating descriptor: Int32, ringBytes: Int, codec: RecordCodec, token: UInt64) throws(Fault) {
        precondition(RegionLayout.isLegal(ringBytes: ringBytes), "a ring's size is a power of two from 64 KiB to 1 GiB")
        self.ringBytes = ringBytes
        self.codec = codec.rawValue
        self.token = token
        (control, data) = try Self.map(descriptor, ringBytes: ringBytes)
        typealias Offset = RegionLayout.Offset
        control.storeBytes(of: RegionLayout.version, toByteOffset: Offset.version, as: UInt8.self)
        control.storeBytes(of: RegionLayout.kindOfRings, toByteOffset: Offset.kind, as: UInt8.self)
        control.storeBytes(of: codec.rawValue, toByteOffset: Offset.codec, as: UInt8.self)
        control.storeBytes(
            of: UInt32(truncatingIfNeeded: 2 * ringBytes), toByteOffset: Offset.dataSize, as: UInt32.self)
        control.storeBytes(of: UInt32(ringBytes), toByteOffset: Offset.ringBytes, as: UInt32.self)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = UInt64(now.tv_sec) * 1000 + UInt64(now.tv_nsec) / 1_000_000
        control.storeBytes(of: milliseconds, toByteOffset: Offset.created, as: UInt64.self)
        control.storeBytes(of: UInt32(getpid()), toByteOffset: Offset.creatorProcess, as: UInt32.self)
        control.storeBytes(of: token, toByteOffset: Offset.token, as: UInt64.self)
        control.storeBytes(of: UInt32(RegionLayout.dataOffset), toByteOffset: Offset.dataOffset, as: UInt32.self)
        control.storeBytes(of: RegionLayout.magic, toByteOffset: Offset.magic, as: UInt32.self)
    }

    /// Maps the other end's region and compares it with what it said about it.
    init(opening descriptor: Int32, as offer: RegionOffer) throws(Fault) {
        guard RegionLayout.isLegal(ringBytes: offer.ringBytes) else {
            throw .invalid("rings of \(offer.ringBytes) bytes")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(SystemError.text(errno)) }
        guard status.st_uid == geteuid() else { throw .invalid("it belongs to another user") }
        let expected = RegionLayout.regionBytes(ringBytes: offer.ringBytes)
        // A file of the system's may be a page longer than it was made.
        guard status.st_size >= expected else {
            throw .invalid("it has \(status.st_size) bytes where \(expected) are needed")
        }
        ringBytes = offer.ringBytes
        codec = offer.codec
        token = offer.token
        (control, data) = try Self.map(descriptor, ringBytes: ringBytes)
        typealias Offset = RegionLayout.Offset
        func read<Value: FixedWidthInteger>(_ offset: Int, as type: Value.Type) -> Int64 {
            Int64(truncatingIfNeeded: control.load(fromByteOffset: offset, as: type))
        }
        let checks: [(name: String, found: Int64, expected: Int64)] = [
            ("magic", read(Offset.magic, as: UInt32.self), Int64(RegionLayout.magic)),
            ("version", read(Offset.version, as: UInt8.self), Int64(RegionLayout.version)),
            ("kind", read(Offset.kind, as: UInt8.self), Int64(RegionLayout.kindOfRings)),
            ("codec", read(Offset.codec, as: UInt8.self), Int64(codec)),
            ("dataSize", read(Offset.dataSize, as: UInt32.self), Int64(2 * ringBytes)),
            ("ringBytes", read(Offset.ringBytes, as: UInt32.self), Int64(ringBytes)),
            ("token", read(Offset.token, as: UInt64.self), Int64(bitPattern: token)),
            ("dataOffset", read(Offset.dataOffset, as: UInt32.self), Int64(RegionLayout.dataOffset)),
        ]
        for check in checks where check.found != check.expected {
            throw .invalid("its \(check.name) is \(check.found) where \(check.expected) was promised")
        }
        control.storeBytes(of: UInt32(getpid()), toByteOffset: Offset.peerProcess, as: UInt32.self)
    }

    deinit {
        munmap(control, RegionLayout.dataOffset)
        munmap(data, 4 * ringBytes)
    }

    /// The region's head, and behind one another ring A, ring A again, ring B, ring B again.
    private static func map(
        _ descriptor: Int32, ringBytes: Int
    ) throws(Fault) -> (control: UnsafeMutableRawPointer, data: UnsafeMutableRawPointer) {
        func mapped(
            _ place: UnsafeMutableRawPointer?, _ count: Int, _ flags: Int32, _ descriptor: Int32, _ offset: Int
        ) throws(Fault) -> UnsafeMutableRawPointer {
            let access = descriptor < 0 ? PROT_NONE : PROT_READ | PROT_WRITE
            guard let pointer = mmap(place, count, access, flags, descriptor, off_t(offset)), pointer != MAP_FAILED
            else {
                throw .system(SystemError.text(errno))
            }
            return pointer
        }
        let control = try mapped(nil, RegionLayout.dataOffset, MAP_SHARED, descriptor, 0)
        do throws(Fault) {
            let data = try mapped(nil, 4 * ringBytes, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0)
            do throws(Fault) {
                for copy in 0..<4 {
                    _ = try mapped(
                        data + copy * ringBytes, ringBytes, MAP_SHARED | MAP_FIXED, descriptor,
                        RegionLayout.dataOffset + copy / 2 * ringBytes)
                }
            } catch {
                munmap(data, 4 * ringBytes)
                throw error
            }
            return (control, data)
        } catch {
            munmap(control, RegionLayout.dataOffset)
            throw error
        }
    }

    /// One of the two rings, as both of its ends see it.
    func ring(_ words: RegionLayout.Words) -> Ring {
        Ring(
            bytes: data + (words.published == RegionLayout.ringA.published ? 0 : 2 * ringBytes),
            capacity: ringBytes,
            published: word64(words.published),
            ended: word32(words.ended),
            consumed: word64(words.consumed),
            dataWait: word32(words.dataWait),
            spaceWait: word32(words.spaceWait)
        )
    }

    private func word64(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (control + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    private func word32(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
        (control + offset).assumingMemoryBound(to: Atomic<UInt32>.self)
    }
}

/// The parts of one ring in memory.
struct Ring {
    /// `capacity` bytes, and the same ones again behind them.
    let bytes: UnsafeMutableRawPointer
    let capacity: Int
    let published: UnsafeMutablePointer<Atomic<UInt64>>
    let ended: UnsafeMutablePointer<Atomic<UInt32>>
    let consumed: UnsafeMutablePointer<Atomic<UInt64>>
    let dataWait: UnsafeMutablePointer<Atomic<UInt32>>
    let spaceWait: UnsafeMutablePointer<Atomic<UInt32>>

    var largestRecord: Int { capacity / 2 }

    func place(of position: UInt64) -> UnsafeMutableRawPointer {
        bytes + Int(truncatingIfNeeded: position & UInt64(capacity - 1))
    }
}
