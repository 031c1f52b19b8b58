public import Foundation

/// Where the built page lies: where the settings say, or one of the places where builds and installations put it.
public struct PageDirectory: Sendable {
    /// Nil when there is none. A directory that the settings name counts even while it is empty, since a build may fill
    /// it.
    public let directory: URL?
    /// What is missing; nil when the page can be served.
    public let complaint: String?

    /// - Parameters:
    ///   - setting: a directory; empty: look for one.
    ///   - executable: the running program, without links.
    ///   - workingDirectory: where to look for a checkout's `web/dist`.
    public init(
        setting: String,
        executable: URL? = Bundle.main.executableURL?.resolvingSymlinksInPath(),
        workingDirectory: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    ) {
        if setting.isEmpty {
            directory = Self.places(executable, workingDirectory).first(where: Self.holdsPage)
            complaint =
                directory == nil ? "The page is not built, so / tells what runs. scripts/page builds it." : nil
        } else {
            let named = URL(fileURLWithPath: setting, isDirectory: true)
            directory = named
            complaint = Self.holdsPage(named) ? nil : "The directory of the page holds no index.html."
        }
    }

    private static func places(_ executable: URL?, _ workingDirectory: URL) -> [URL] {
        let beside = executable.map { program in
            program.deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "share/soundpost/page", directoryHint: .isDirectory)
        }
        let checkouts = [workingDirectory, executable.flatMap(checkout)].compactMap(\.self)
        return [beside].compactMap(\.self)
            + checkouts.map { $0.appending(path: "web/dist", directoryHint: .isDirectory) }
    }

    /// The directory above the `.build` in which a program was built.
    private static func checkout(of program: URL) -> URL? {
        var directory = program.deletingLastPathComponent()
        while directory.pathComponents.count > 1 {
            let parent = directory.deletingLastPathComponent()
            if directory.lastPathComponent == ".build" { return parent }
            directory = parent
        }
        return nil
    }

    private static func holdsPage(_ directory: URL) -> Bool {
        FileManager.default.fileExists(
            atPath: directory.appending(path: "index.html", directoryHint: .notDirectory).path(percentEncoded: false))
    }
}
