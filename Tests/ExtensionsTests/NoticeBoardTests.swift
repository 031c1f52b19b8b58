import Testing
import WireFormats

@testable import Extensions

@Suite struct NoticeBoardTests {
    @Test func eventsThatGiveWayAreCountedAndChangesAreNot() async {
        let board = NoticeBoard(capacity: 3)
        board.post(.changed)
        for number in 0..<10 { board.post(.event(extension: "x", name: "e", data: .integer(Int64(number)))) }
        board.close()
        var names: [String] = []
        for await notice in board.notices {
            switch notice {
            case .changed: names.append("changed")
            case .event(_, _, let data): names.append("\(data)")
            }
        }
        #expect(board.unread(of: "x") + names.count { $0 != "changed" } == 10)
        #expect(names.count == 3)
    }

    @Test func aChangeOutlivesTheEventsBehindIt() async {
        let board = NoticeBoard(capacity: 2)
        board.post(.changed)
        board.post(.event(extension: "x", name: "e", data: 1))
        board.post(.event(extension: "x", name: "e", data: 2))
        board.close()
        var hasChange = false
        for await notice in board.notices { if case .changed = notice { hasChange = true } }
        #expect(hasChange)
        #expect(board.unread(of: "x") == 1)
        #expect(board.unread(of: "y") == 0)
    }
}
