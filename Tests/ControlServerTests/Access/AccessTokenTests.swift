import Foundation
import Testing

@testable import ControlServer

struct AccessTokenTests {
    private func withDirectory(_ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "soundpost-token-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let outcome = Result { try body(directory) }
        try FileManager.default.removeItem(at: directory)
        try outcome.get()
    }

    private func write(_ text: String, to file: URL, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    private func refusal(of file: URL) -> String {
        let error = #expect(throws: ControlServerError.self) { try AccessToken.load(from: file) }
        #expect(error?.code == .badToken)
        #expect(error?.message.contains(file.path) == true)
        return error?.message ?? ""
    }

    @Test func isMadeOnceAndForItsOwnerOnly() throws {
        try withDirectory { directory in
            let file = directory.appending(path: "state/token")
            let (token, isNew) = try AccessToken.load(from: file)
            #expect(isNew)
            #expect(token.text.count == 43)
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let again = try AccessToken.load(from: file)
            #expect(again.token == token)
            #expect(!again.isNew)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path) == ["token"])
        }
    }

    @Test(arguments: ["0123456789abcdef", "0123456789abcdef\n", "0123456789abcdef\r\n", "abcd-._~+/ABCD0123=="])
    func takesATokenThatSomebodyWrote(text: String) throws {
        try withDirectory { directory in
            let file = directory.appending(path: "token")
            try write(text, to: file)
            let (token, isNew) = try AccessToken.load(from: file)
            #expect(!isNew)
            #expect(token.matches(text.trimmingCharacters(in: .newlines)))
        }
    }

    @Test(arguments: [
        "", "\n", "short", "0123456789abcde ", "0123456789 abcdef", "0123456789abcdef\n\n", "0123456789abcdéf",
        "================", "0123=456789abcdef", String(repeating: "x", count: 513), "0123456789abcdef\u{0}",
    ])
    func refusesWhatIsNoTokenWithoutQuotingIt(text: String) throws {
        try withDirectory { directory in
            let file = directory.appending(path: "token")
            try write(text, to: file)
            let message = refusal(of: file)
            #expect(text.count < 5 || !message.contains(text))
        }
    }

    @Test(arguments: [0o644, 0o640, 0o660, 0o604, 0o601])
    func refusesAFileThatIsOpenToOthers(mode: Int) throws {
        try withDirectory { directory in
            let file = directory.appending(path: "token")
            try write("0123456789abcdef", to: file, mode: mode)
            #expect(refusal(of: file).contains("chmod 600"))
        }
    }

    @Test func refusesLinksDirectoriesAndPipes() throws {
        try withDirectory { directory in
            let target = directory.appending(path: "target")
            try write("0123456789abcdef", to: target)
            let link = directory.appending(path: "link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            _ = refusal(of: link)
            let dangling = directory.appending(path: "dangling")
            try FileManager.default.createSymbolicLink(
                at: dangling, withDestinationURL: directory.appending(path: "nothing"))
            _ = refusal(of: dangling)
            #expect(!FileManager.default.fileExists(atPath: directory.appending(path: "nothing").path))
            _ = refusal(of: directory)
            let pipe = directory.appending(path: "pipe")
            #expect(mkfifo(pipe.path, 0o600) == 0)
            _ = refusal(of: pipe)
        }
    }

    @Test func matchesItselfAlone() throws {
        let token = try AccessToken(text: "0123456789abcdef")
        #expect(token.matches("0123456789abcdef"))
        for other in ["", "0", "0123456789abcde", "0123456789abcdef0", "1123456789abcdef", "0123456789ABCDEF"] {
            #expect(!token.matches(other))
        }
        #expect(AccessToken.random() != AccessToken.random())
    }

    @Test func neverSaysItsText() throws {
        let token = try AccessToken(text: "0123456789abcdef")
        let configuration = try ControlServerConfiguration(token: token)
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [
            "\(token)", String(reflecting: token), "\(configuration)", String(reflecting: configuration), dumped,
        ] {
            #expect(!text.contains("0123456789"))
        }
    }
}
