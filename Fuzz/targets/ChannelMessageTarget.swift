@testable import SoundpostChannels

/// Messages from the other end of a channel. What is read is written and read again without loss, on one line and
/// within the limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChannelMessage(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    do throws(Message.Fault) {
        let message = try Message(encoded: UnsafeRawBufferPointer(start: data, count: size))
        checkRoundTrip(message)
    } catch {
        require(!error.description.isEmpty, "refused without a word")
    }
    return 0
}

private func checkRoundTrip(_ message: Message) {
    do {
        let text = try message.encoded()
        require(!text.contains(UInt8(ascii: "\n")), "more than one line: \(text)")
        let again = try text.withUnsafeBytes { try Message(encoded: $0) }
        // 2.0 is written as 2, which is the same number but another value: from then on nothing changes.
        let second = try again.encoded()
        require(second == text, "changed by a second encoding: \(message)")
        let third = try second.withUnsafeBytes { try Message(encoded: $0) }
        require(third == again, "the same text is two messages: \(message)")
        require(
            again.kind == message.kind && again.id == message.id && again.method == message.method
                && again.event == message.event && again.error?.code == message.error?.code
                && again.error?.message == message.error?.message,
            "changed by encoding: \(message)")
        check(Message(.response, id: message.id, data: again.data), like: message)
    } catch {
        fatalError("a message that was read is refused when it is written and read: \(error)")
    }
}

/// Its answer can be sent if its data can.
private func check(_ answer: Message, like message: Message) {
    do throws(Message.Fault) {
        _ = try answer.encoded()
    } catch {
        fatalError("\(message) has no answer: \(error)")
    }
}
