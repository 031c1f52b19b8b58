import ControlProtocol
import Testing

@testable import Node

@Suite struct InboxTests {
    private let inbox = Inbox()

    private func departure(_ client: String) -> Inbox.Item {
        Inbox.Item(content: .departure, client: ClientID(client), taken: nil)
    }

    @Test func onlyTheFirstItemNeedsSomebodyWhoAttends() {
        #expect(inbox.add(departure("alice")))
        #expect(!inbox.add(departure("bob")))
        #expect(inbox.takeAll().map(\.client) == [ClientID("alice"), ClientID("bob")])
        // It is attended until nothing is found.
        #expect(!inbox.add(departure("carol")))
        #expect(inbox.takeAll().count == 1)
        #expect(inbox.takeAll().isEmpty)
        #expect(inbox.add(departure("dave")))
    }

    @Test func aClientHasAShareOfTheRoom() {
        for _ in 0..<Inbox.share {
            #expect(inbox.hasRoom(for: ClientID("alice")))
            _ = inbox.add(departure("alice"))
        }
        #expect(!inbox.hasRoom(for: ClientID("alice")))
        #expect(inbox.hasRoom(for: ClientID("bob")))
        _ = inbox.takeAll()
        #expect(inbox.hasRoom(for: ClientID("alice")))
    }

    @Test func aCrowdFillsTheRoom() {
        for number in 0..<Inbox.crowd {
            #expect(inbox.hasRoom(for: ClientID("late")))
            _ = inbox.add(departure("client\(number)"))
        }
        #expect(!inbox.hasRoom(for: ClientID("late")))
    }

    @Test func longMessagesAreNotSmall() {
        #expect(Inbox.isSmall([UInt8](repeating: 0x20, count: Inbox.small)))
        #expect(!Inbox.isSmall([UInt8](repeating: 0x20, count: Inbox.small + 1)))
    }
}
