import NIOCore
import NIOWebSocket
import Testing

@testable import ControlServer

struct MessageAssemblerTests {
    private var assembler = MessageAssembler(limit: 10)

    private func frame(_ opcode: WebSocketOpcode, _ payload: [UInt8], fin: Bool = true) -> WebSocketFrame {
        let mask: WebSocketMaskingKey = [1, 2, 3, 4]
        var data = ByteBuffer(bytes: payload)
        data.webSocketMask(mask)
        return WebSocketFrame(fin: fin, opcode: opcode, maskKey: mask, data: data)
    }

    private func code(_ event: MessageAssembler.Event) -> UInt16? {
        if case .violation(let reason) = event { reason.code } else { nil }
    }

    @Test mutating func joinsFragmentsAndLetsControlFramesThroughBetweenThem() {
        #expect(assembler.receive(frame(.text, Array("ab".utf8), fin: false)) == .incomplete)
        #expect(assembler.receive(frame(.ping, [7])) == .ping(ByteBuffer(bytes: [7])))
        #expect(assembler.receive(frame(.continuation, Array("ä".utf8.prefix(1)), fin: false)) == .incomplete)
        #expect(assembler.receive(frame(.pong, [])) == .pong)
        #expect(assembler.receive(frame(.continuation, Array("ä".utf8.suffix(1)))) == .message(Array("abä".utf8)))
        #expect(assembler.receive(frame(.text, [])) == .message([]))
    }

    @Test mutating func limitsAMessageToTheByte() {
        let full = [UInt8](repeating: 0x61, count: 10)
        #expect(assembler.receive(frame(.text, full)) == .message(full))
        #expect(code(assembler.receive(frame(.text, full + [0x61]))) == 1009)
    }

    @Test mutating func limitsFragmentsTogether() {
        #expect(assembler.receive(frame(.text, Array(repeating: 0x61, count: 6), fin: false)) == .incomplete)
        #expect(code(assembler.receive(frame(.continuation, Array(repeating: 0x61, count: 5), fin: false))) == 1009)
    }

    @Test func refusesWhatIsNoUTF8() {
        let samples: [[UInt8]] = [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x61, 0x80],
        ]
        for bytes in samples {
            var assembler = MessageAssembler(limit: 10)
            #expect(code(assembler.receive(frame(.text, bytes))) == 1007)
        }
    }

    @Test mutating func refusesBinaryMessages() {
        #expect(code(assembler.receive(frame(.binary, [1]))) == 1003)
    }

    @Test func throwsMessagesAwayWhereNoneAreTaken() {
        var assembler = MessageAssembler(limit: 10, takesMessages: false)
        for opcode in [WebSocketOpcode.continuation, .binary, .text, .text] {
            #expect(assembler.receive(frame(opcode, [UInt8](repeating: 0xFF, count: 20))) == .incomplete)
        }
        #expect(assembler.receive(frame(.ping, [])) == .ping(ByteBuffer()))
        #expect(assembler.receive(frame(.connectionClose, [])) == .closed(.normal))
        let bare = WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(string: "a"))
        #expect(code(assembler.receive(bare)) == 1002)
    }

    @Test mutating func refusesFramesWithoutAMask() {
        let bare = WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: "a"))
        #expect(code(assembler.receive(bare)) == 1002)
    }

    @Test mutating func refusesReservedBitsAndOpcodes() throws {
        var reserved = frame(.text, [0x61])
        reserved.rsv1 = true
        #expect(code(assembler.receive(reserved)) == 1002)
        for opcode: UInt8 in [3, 7, 11, 15] {
            let reserved = frame(try #require(WebSocketOpcode(encodedWebSocketOpcode: opcode)), [])
            #expect(code(assembler.receive(reserved)) == 1002)
        }
    }

    @Test mutating func refusesFragmentsOutOfOrder() {
        #expect(code(assembler.receive(frame(.continuation, [0x61]))) == 1002)
        #expect(assembler.receive(frame(.text, [0x61], fin: false)) == .incomplete)
        #expect(code(assembler.receive(frame(.text, [0x61]))) == 1002)
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999] as [UInt16])
    mutating func answersACloseFrameWithItsCode(code: UInt16) {
        let payload = [UInt8(code >> 8), UInt8(code & 0xFF)] + Array("why".utf8)
        #expect(assembler.receive(frame(.connectionClose, payload)) == .closed(CloseReason(code: code, words: "")))
    }

    @Test mutating func answersAnEmptyCloseFrame() {
        #expect(assembler.receive(frame(.connectionClose, [])) == .closed(.normal))
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535] as [UInt16])
    mutating func refusesCloseCodesThatNobodySends(code: UInt16) {
        let event = assembler.receive(frame(.connectionClose, [UInt8(code >> 8), UInt8(code & 0xFF)]))
        #expect(self.code(event) == 1002)
    }

    @Test mutating func refusesMalformedCloseFrames() {
        #expect(code(assembler.receive(frame(.connectionClose, [3]))) == 1002)
        #expect(code(assembler.receive(frame(.connectionClose, [3, 0xE8, 0xFF]))) == 1007)
    }
}
