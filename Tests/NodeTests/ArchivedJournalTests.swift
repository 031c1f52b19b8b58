import ControlProtocol
import Foundation
import Storage
import Testing

@testable import Node

@Suite struct ArchivedJournalTests {
    private func journal(values: String = "{}", history: String = "[]") throws -> ArchivedJournal {
        let text = #"{"version":1,"values":\#(values),"loadedPresets":{},"history":\#(history)}"#
        return try ArchivedJournal(json: Data(text.utf8))
    }

    private func history(timestamp: Int64 = 0, values: String = "[]") -> String {
        let head = #""id":7,"timestamp":\#(timestamp),"client":"alice","kind":"parameters","title":"t","state":0"#
        return #"[{\#(head),"values":\#(values)}]"#
    }

    private func refusal(values: String = "{}", history: String = "[]") -> ControlError? {
        let error = #expect(throws: ControlError.self) { try journal(values: values, history: history) }
        #expect(error?.code == .badArchive)
        return error
    }

    @Test(arguments: [Int64.min, -1, 1 << 53, Int64.max])
    func aTimestampThatCannotBeCountedWithIsRefused(_ timestamp: Int64) {
        let error = refusal(history: history(timestamp: timestamp))
        #expect(error?.message.contains("Entry 7 of journal.json has the timestamp \(timestamp)") == true)
    }

    @Test(arguments: [0, 1_700_000_000_000, (1 << 53) - 1] as [Int64])
    func otherTimestampsAreTaken(_ timestamp: Int64) throws {
        #expect(try journal(history: history(timestamp: timestamp)).contents.entries.map(\.timestamp) == [timestamp])
    }

    @Test func keysComeInTheirCanonicalSpelling() throws {
        let values = #"{"gain#1":{"gainDb[0]":"1","gainDb#01":"2","no key!":"3"}}"#
        let changes = #"[{"instanceId":"gain#1","paramId":"gainDb[0]","before":"0","after":"1"}]"#
        let contents = try journal(values: values, history: history(values: changes)).contents
        #expect(contents.values == ["gain#1": ["gainDb#0": "1", "gainDb#1": "2", "no key!": "3"]])
        #expect(contents.entries.first?.values.keys.map(\.key) == ["gainDb#0"])
    }

    @Test(arguments: [
        (#"{"gain#1":{"gainDb#0":"1\u0000"}}"#, "[]"), (#"{"gain\u0000":{}}"#, "[]"),
        ("{}", #"[{"id":1,"timestamp":0,"client":"\u0000","kind":"parameters","title":"t","state":0,"values":[]}]"#),
    ])
    func aTextWithTheCharacterThatEndsTextsIsRefused(_ values: String, _ history: String) {
        #expect(refusal(values: values, history: history)?.message.contains("U+0000") == true)
    }

    @Test func twoSpellingsOfOneKeyAreRefused() {
        let values = refusal(values: #"{"gain#1":{"gainDb[0]":"1","gainDb#0":"2"}}"#)
        #expect(values?.message.contains("gain#1's gainDb#0") == true)
        let changes = ["gainDb[0]", "gainDb#0"].map { #"{"instanceId":"gain#1","paramId":"\#($0)","after":"1"}"# }
        let twice = refusal(history: history(values: "[\(changes.joined(separator: ","))]"))
        #expect(twice?.message.contains("Entry 7") == true)
    }
}
