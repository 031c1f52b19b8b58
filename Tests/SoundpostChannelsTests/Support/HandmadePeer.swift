import CSoundpostShims
import Foundation
import Testing
import WireFormats

@testable import SoundpostChannels

/// A region as a program maps it that keeps to no rule: all of it once, written to at will.
final class HandmadeRegion: @unchecked Sendable {
    // Unchecked: what several threads do to it at the same time is what is tested.
    let base: UnsafeMutableRawPointer
    let ringBytes: Int
    var bytes: Int { RegionLayout.regionBytes(ringBytes: ringBytes) }

    init(mapping descriptor: Int32, ringBytes: Int) throws {
        self.ringBytes = ringBytes
        let count = RegionLayout.regionBytes(ringBytes: ringBytes)
        guard let base = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
        self.base = base
    }

    deinit {
        munmap(base, bytes)
    }

    func set<Value: FixedWidthInteger>(_ offset: Int, _ value: Value) {
        base.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }

    func value<Value: FixedWidthInteger>(_ offset: Int, as type: Value.Type) -> Value {
        base.load(fromByteOffset: offset, as: type)
    }

    /// Writes the header of a record at `position` of a ring, and publishes nothing.
    func putHeader(_ words: RegionLayout.Words, at position: UInt64, length: UInt32, flags: UInt32 = 0) {
        let offset = dataOffset(of: words) + Int(position % UInt64(ringBytes))
        set(offset, length)
        set(offset + 4, flags)
    }

    func dataOffset(of words: RegionLayout.Words) -> Int {
        RegionLayout.dataOffset + (words.published == RegionLayout.ringA.published ? 0 : ringBytes)
    }

    func scribble(_ random: inout SeededGenerator, _ range: Range<Int>, words: Int) {
        for _ in 0..<words {
            let offset = Int.random(in: range.lowerBound / 8..<range.upperBound / 8, using: &random) * 8
            set(offset, UInt64.random(in: 0...UInt64.max, using: &random))
        }
    }
}

/// A sealed memory file with a region's header, which a test then spoils.
struct HandmadeMemory {
    let descriptor: Int32
    let token: UInt64 = 0x0123_4567_89AB_CDEF
    let ringBytes: Int

    init(ringBytes: Int = 65_536, fileBytes: Int? = nil, isSealed: Bool = true) throws {
        self.ringBytes = ringBytes
        let count = fileBytes ?? RegionLayout.regionBytes(ringBytes: ringBytes)
        if isSealed {
            descriptor = soundpost_sealed_memory("handmade", UInt64(count))
        } else {
            // A file that is deleted at once.
            var template = Array("/tmp/soundpost-test-XXXXXX".utf8CString)
            descriptor = mkstemp(&template)
            unlink(template)
            ftruncate(descriptor, off_t(count))
        }
        guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        guard fileBytes == nil else { return }
        let region = try HandmadeRegion(mapping: descriptor, ringBytes: ringBytes)
        typealias Offset = RegionLayout.Offset
        region.set(Offset.magic, UInt32(0x534D_454D))
        region.set(Offset.version, UInt8(1))
        region.set(Offset.kind, UInt8(2))
        region.set(Offset.dataSize, UInt32(2 * ringBytes))
        region.set(Offset.ringBytes, UInt32(ringBytes))
        region.set(Offset.token, token)
        region.set(Offset.dataOffset, UInt32(65_536))
    }

    /// The line that goes with it.
    func line(codec: Int = 0) -> String {
        #"{"type":"ready","data":{"sharedMemory":{"version":1,"ringBytes":\#(ringBytes),"codec":\#(codec),"#
            + #""token":"0123456789abcdef","segment":null}}}"#
    }
}

/// A server's socket, made by hand.
final class HandmadeServer: Sendable {
    private let listener: Int32

    init(_ name: String, in directory: TemporaryDirectory) throws {
        listener = soundpost_unix_socket()
        guard soundpost_bind(listener, directory.path + "/soundpost_\(name).sock") == 0, listen(listener, 16) == 0
        else {
            throw POSIXError(.EADDRINUSE)
        }
    }

    deinit {
        close(listener)
    }

    /// Waits, so not for one of the threads that tasks share: what connects may need it to begin.
    func accept() -> Descriptor { Descriptor(soundpost_accept(listener)) }

    /// Sends a text with descriptors beside it, all in one message.
    static func send(_ text: String, _ descriptors: [Int32], over socket: Descriptor) {
        let bytes = Array(text.utf8)
        guard descriptors.count > 1 else {
            _ = soundpost_send_with_descriptor(socket.number, bytes, bytes.count, descriptors.first ?? -1)
            return
        }
        #if os(Linux)
            // struct cmsghdr and what follows it.
            let length = 16 + 4 * descriptors.count
            let control = UnsafeMutableRawBufferPointer.allocate(byteCount: (length + 7) & ~7, alignment: 8)
            defer { control.deallocate() }
            control.storeBytes(of: length, as: Int.self)
            control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
            control.storeBytes(of: 1, toByteOffset: 12, as: Int32.self)
            for (index, descriptor) in descriptors.enumerated() {
                control.storeBytes(of: descriptor, toByteOffset: 16 + 4 * index, as: Int32.self)
            }
            bytes.withUnsafeBytes { bytes in
                var part = iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
                withUnsafeMutablePointer(to: &part) { part in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = length
                    _ = sendmsg(socket.number, &message, 0)
                }
            }
        #endif
    }
}

/// A connection of this library and its hostile other end.
struct HostileMeeting: Sendable {
    /// What the hostile end is.
    enum Role: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case server
        case client

        var testDescription: String { "hostile \(rawValue)" }
    }

    let victim: RingConnection
    let region: HandmadeRegion
    let socket: Descriptor
    /// The ring that the hostile end writes to.
    let toVictim: RegionLayout.Words
    /// The ring that it reads from.
    let fromVictim: RegionLayout.Words
    private let directory: TemporaryDirectory

    init(_ role: Role, codec: RecordCodec = .raw, ringBytes: Int = 65_536) async throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        switch role {
        case .server:
            let server = try HandmadeServer("hostile", in: directory)
            async let connecting = onThread {
                try RingConnection.connect("hostile", codec: codec, timeout: .seconds(60), in: directory.place)
            }
            socket = try await onThread { server.accept() }
            let memory = try HandmadeMemory(ringBytes: ringBytes)
            defer { close(memory.descriptor) }
            region = try HandmadeRegion(mapping: memory.descriptor, ringBytes: ringBytes)
            region.set(RegionLayout.Offset.codec, codec.rawValue)
            let line = memory.line(codec: Int(codec.rawValue)) + "\n"
            HandmadeServer.send(line, [memory.descriptor], over: socket)
            victim = try await connecting
            (toVictim, fromVictim) = (RegionLayout.ringA, RegionLayout.ringB)
        case .client:
            let server = try SharedMemoryServer("hostile", ringBytes: ringBytes, codec: codec, in: directory.place)
            socket = Descriptor(try LocalSocket.connect("hostile", in: directory.place))
            victim = try await onThread { try server.acceptRings() }
            var descriptor: Int32 = -1
            var line = [UInt8](repeating: 0, count: 4096)
            _ = soundpost_receive_with_descriptor(socket.number, &line, line.count, &descriptor)
            defer { close(descriptor) }
            region = try HandmadeRegion(mapping: descriptor, ringBytes: ringBytes)
            (toVictim, fromVictim) = (RegionLayout.ringB, RegionLayout.ringA)
        }
    }

    /// Publishes a record as it should be, at `position`; where the next one begins.
    func publish(_ payload: [UInt8], at position: UInt64, flags: UInt32 = 0) -> UInt64 {
        region.putHeader(toVictim, at: position, length: UInt32(payload.count), flags: flags)
        let start = region.dataOffset(of: toVictim)
        for (index, byte) in payload.enumerated() {
            region.set(start + Int((position + 8 + UInt64(index)) % UInt64(region.ringBytes)), byte)
        }
        let next = position + UInt64(RegionLayout.space(for: payload.count))
        atomicFence()
        region.set(toVictim.published, next)
        wake()
        return next
    }

    /// Waits for room as a rude program does, by looking; false when the victim has let go.
    func waitForRoom(_ count: Int, at position: UInt64) -> Bool {
        while position + UInt64(RegionLayout.space(for: count))
            - region.value(toVictim.consumed, as: UInt64.self) > UInt64(region.ringBytes)
        {
            if region.value(fromVictim.ended, as: UInt32.self) != 0 { return false }
            sched_yield()
        }
        return true
    }

    func wake() {
        for words in [toVictim, fromVictim] {
            for offset in [words.dataWait, words.spaceWait] {
                region.set(offset, UInt32(0))
                soundpost_futex_wake(
                    UnsafeRawPointer(region.base + offset).assumingMemoryBound(to: UInt32.self), true, true)
            }
        }
    }
}
