import Foundation

/// What the two ends tell each other between the messages that are measured: a letter and three numbers of 16
/// hexadecimal digits.
///
/// It is told from data by its size, which is never measured.
struct BenchControl: Equatable {
    enum Letter: UInt8 {
        case roundTrips = 0x72
        case oneWay = 0x6F
        case end = 0x65
        case quit = 0x71
    }

    static let size = 49

    var letter: Letter
    var sent: UInt64 = 0
    var received: UInt64 = 0
    /// Processor time in nanoseconds.
    var processor: UInt64 = 0

    init(_ letter: Letter) {
        self.letter = letter
    }

    /// Nil when the bytes are none.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.size, let letter = Letter(rawValue: bytes[0]) else { return nil }
        func number(_ at: Int) -> UInt64? {
            UInt64(String(decoding: bytes[at..<at + 16], as: UTF8.self), radix: 16)
        }
        guard let sent = number(1), let received = number(17), let processor = number(33) else { return nil }
        self.letter = letter
        self.sent = sent
        self.received = received
        self.processor = processor
    }

    func send(over end: some BenchEnd) throws {
        let digits = [sent, received, processor].map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        let bytes = [letter.rawValue] + digits.joined().utf8
        _ = try end.send(Self.size) { room in
            room.copyBytes(from: bytes)
            return 0
        }
    }

    static func receive(over end: some BenchEnd) throws -> BenchControl {
        guard let control = try end.receive({ BenchControl($0) }) else {
            throw CommandFailure("data came in place of a control message")
        }
        return control
    }
}
