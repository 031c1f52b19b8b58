import Foundation
import Testing

@testable import ControlServer

struct PageDirectoryTests {
    private func find(_ setting: String = "", program: String, in root: TestPage, from working: String = "elsewhere")
        -> (path: String?, isComplete: Bool)
    {
        let found = PageDirectory(
            setting: setting,
            executable: root.file(program),
            workingDirectory: root.directory.appending(path: working, directoryHint: .isDirectory)
        )
        let path = found.directory.map { $0.standardizedFileURL.path.dropFirst(root.directory.path.count + 1) }
        return (path.map(String.init), found.complaint == nil)
    }

    @Test func comesInTheOrderOfInstallationWorkingDirectoryAndCheckout() async throws {
        let files = [
            "usr/share/soundpost/page/index.html": "", "checkout/web/dist/index.html": "",
            "work/web/dist/index.html": "",
            "usr/web/dist/other.html": "",
        ]
        try await TestPage.with(files) { root in
            let built = "checkout/.build/linux/debug/soundpost"
            #expect(find(program: "usr/bin/soundpost", in: root, from: "work") == ("usr/share/soundpost/page", true))
            #expect(find(program: built, in: root, from: "work") == ("work/web/dist", true))
            #expect(find(program: built, in: root) == ("checkout/web/dist", true))
            #expect(find(program: "opt/soundpost", in: root, from: "usr") == (nil, false))
        }
    }

    @Test func isTheNamedOneEvenBeforeItsBuild() async throws {
        try await TestPage.with(["web/dist/index.html": "", "page/index.html": ""]) { root in
            let named = root.directory.appending(path: "page").path
            #expect(find(named, program: "bin/soundpost", in: root, from: "") == ("page", true))
            let empty = root.directory.appending(path: "later").path
            #expect(find(empty, program: "bin/soundpost", in: root, from: "") == ("later", false))
        }
    }
}
