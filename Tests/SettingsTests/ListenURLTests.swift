import Settings
import Testing

@Suite struct ListenURLTests {
    @Test(
        arguments: [
            ("http://127.0.0.1:5000", "http://127.0.0.1:5000"), ("HTTPS://node.example:0/", "https://node.example:0"),
            ("http://[::1]:65535", "http://[::1]:65535"), ("http://localhost:80", "http://localhost:80"),
        ])
    func whatIsOfTheFormIsTaken(_ text: String, _ canonical: String) {
        #expect(ListenURL(text)?.description == canonical)
    }

    @Test(
        arguments: [
            "", "127.0.0.1:5000", "http://127.0.0.1", "http://:5000", "http://a:", "http://a:65536", "http://a:-1",
            "http://a:+1", "ftp://a:1", "http://a:1/path", "http://u@a:1", "http://::1:80", "http://[::1]",
            "http://a b:1",
            "http://*:5000", "http://a:99999999999999999999",
        ])
    func whatIsNotIsRefused(_ text: String) {
        #expect(ListenURL(text) == nil)
    }
}
