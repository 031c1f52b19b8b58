import CSoundpostShims
import Foundation

@testable import SoundpostChannels

/// Bytes of a stream. However they are cut, the same lines come out of them, through the buffer alone and through a
/// socket.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChannelLines(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let input = Array(UnsafeBufferPointer(start: data, count: size))
    guard let first = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    // Longer than the buffer is at first, so that it grows, moves and shrinks.
    let repeats = 1 + Int(first & 3)
    let stream = (0..<repeats).flatMap { _ in bytes }
    checkBuffer(stream, seed: UInt64(first), limit: first & 4 == 0 ? 100_000 : 1000)
    checkSocket(bytes, seed: UInt64(first))
    return 0
}

private struct Cuts {
    var state: UInt64

    /// A few bytes, some hundred or some thousand.
    mutating func next() -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let value = Int(truncatingIfNeeded: state >> 33)
        return 1 + value % [3, 40, 700, 70_000][value >> 20 & 3]
    }
}

private func checkBuffer(_ stream: [UInt8], seed: UInt64, limit: Int) {
    var buffer = LineBuffer(limit: limit)
    var cuts = Cuts(state: seed)
    var fed = 0
    var lineStart = 0
    while true {
        while let line = buffer.nextLine() {
            let end = stream[lineStart...].firstIndex(of: UInt8(ascii: "\n"))
            guard let end, end < fed else { fatalError("a line that was not there") }
            require(line.elementsEqual(stream[lineStart..<end]), "a line came changed")
            lineStart = end + 1
        }
        let pending = stream[lineStart..<fed]
        require(!pending.contains(UInt8(ascii: "\n")), "a line was kept back")
        require(buffer.isInLine == !pending.isEmpty, "part of a line was lost")
        require(buffer.isTooLong == (pending.count > limit), "\(pending.count) bytes where \(limit) are allowed")
        if buffer.isTooLong || fed == stream.count { return }
        let room = buffer.room()
        require(!room.isEmpty, "no room")
        let count = min(room.count, cuts.next(), stream.count - fed)
        room.copyBytes(from: stream[fed..<fed + count])
        buffer.added(count)
        fed += count
    }
}

private func checkSocket(_ stream: [UInt8], seed: UInt64) {
    var ends: [Int32] = [-1, -1]
    require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0, "no sockets")
    let transport = LineTransport(socket: ends[0])
    var cuts = Cuts(state: seed)
    var fed = 0
    var lines: [[UInt8]] = []
    func receive(_ deadline: Deadline) -> TransportFault? {
        do throws(TransportFault) {
            try transport.receive(deadline) { frame in
                if case .encoded(let bytes) = frame { lines.append(Array(bytes)) }
            }
            return nil
        } catch {
            return error
        }
    }
    while fed < stream.count {
        let count = stream[fed...].withUnsafeBytes {
            send(ends[1], $0.baseAddress, min($0.count, cuts.next()), Int32(MSG_DONTWAIT))
        }
        require(count > 0, "the socket takes nothing")
        fed += count
        while true {
            let fault = receive(.now)
            if case .timeout = fault { break }
            require(fault == nil, "unexpected: \(fault.map { "\($0)" } ?? "")")
        }
    }
    close(ends[1])
    let end = receive(.never)
    guard case .ended = end else { fatalError("no end: \(end.map { "\($0)" } ?? "a line")") }
    // The last one without an end is none; an empty one is handed on, and no message.
    let expected = stream.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        .map(Array.init)
    require(lines == expected, "\(lines.count) lines came where \(expected.count) were sent")
}
