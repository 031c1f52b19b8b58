import Testing

@testable import SoundpostClient

@Suite struct NodeAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1:6000", "http://127.0.0.1:6000"),
            ("studio.local", "http://studio.local:5000"),
            ("http://studio.local", "http://studio.local:80"),
            ("https://studio.local/", "https://studio.local:443"),
            ("ws://studio:81", "http://studio:81"),
            ("wss://studio:81/", "https://studio:81"),
            ("HTTP://studio:81", "http://studio:81"),
            ("[::1]:6000", "http://[::1]:6000"),
            ("http://[::1]:6000", "http://[::1]:6000"),
        ]
    )
    func readsAddresses(_ text: String, _ url: String) throws {
        #expect(try NodeAddress(text).description == url)
    }

    @Test(
        arguments: [
            "", ":5000", "http://", "ftp://studio", "studio:0", "studio:65536", "studio:port", "http://studio/page",
            "http://studio?x=1", "http://me@studio", "two words", "http://studio#x",
        ]
    )
    func refusesWhatIsNone(_ text: String) {
        #expect(throws: ClientError.self) { try NodeAddress(text) }
    }
}
