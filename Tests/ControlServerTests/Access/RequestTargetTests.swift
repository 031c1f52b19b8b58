import Testing

@testable import ControlServer

struct RequestTargetTests {
    @Test func takesPathAndItemsApart() {
        let target = RequestTarget("/ws?client=a%23b&token=x&client=&flag#rest?client=c")
        #expect(target.path == "/ws")
        #expect(target.values(of: "client") == ["a#b", ""])
        #expect(target.values(of: "token") == ["x"])
        #expect(target.values(of: "flag") == [""])
        #expect(target.values(of: "rest") == [])
        #expect(RequestTarget("/").values(of: "") == [])
    }

    @Test(arguments: [
        ("%41", "A"), ("a%2Fb", "a/b"), ("%2541", "%41"), ("%c3%a4", "ä"), ("%00", "\u{0}"), ("+", "+"), ("", ""),
    ])
    func decodesOnce(text: String, decoded: String) {
        #expect(PercentCoding.decoded(text) == decoded)
    }

    @Test(arguments: ["%", "%4", "%4g", "%g4", "%ff", "%c3", "%c3%28", "%ed%a0%80", "%c0%af", "%%41", "a%"])
    func refusesBrokenEscapes(text: String) {
        #expect(PercentCoding.decoded(text) == nil)
        #expect(!RequestTarget("/\(text)").isDecodable)
        #expect(!RequestTarget("/?\(text)").isDecodable)
    }
}
