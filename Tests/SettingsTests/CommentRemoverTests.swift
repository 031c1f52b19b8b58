import Testing

@testable import Settings

@Suite struct CommentRemoverTests {
    @Test(
        arguments: [
            ("{} // a", "{}     "), ("\"a//b\" // c", "\"a//b\"     "), ("\"\\\"//\" //", "\"\\\"//\"   "),
            ("// a\n1", "    \n1"), ("\"\\\\\" // x", "\"\\\\\"     "), ("/", "/"), ("1 / 2", "1 / 2"), ("//", "  "),
            ("\"\\", "\"\\"), ("\"open // text", "\"open // text"),
        ])
    func commentsBecomeSpacesAndPositionsStay(_ text: String, _ expected: String) {
        let result = CommentRemover.removeComments(from: Array(text.utf8))
        #expect(String(decoding: result, as: UTF8.self) == expected)
        #expect(result.count == text.utf8.count)
    }
}
