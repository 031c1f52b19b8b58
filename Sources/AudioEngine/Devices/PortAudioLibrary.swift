import Foundation

/// The door to PortAudio's functions. They must not run at once, whichever engine of the process calls them.
///
/// While one runs, file descriptor 2 leads to /dev/null: ALSA's and JACK's libraries print a page of complaints about
/// plug-ins and servers that are absent, straight to descriptor 2, whenever the devices are listed or one is opened.
/// Nothing of it tells an error that PortAudio does not return. The descriptor belongs to the process: what other
/// threads log in that moment is lost, so the closure should be short.
enum PortAudioLibrary {
    /// Recursive, so that a closure may call what takes the door itself.
    private static let door = NSRecursiveLock()

    /// Any thread, but for PortAudio's call-backs.
    static func exclusively<Result>(_ body: () throws -> Result) rethrows -> Result {
        door.lock()
        defer { door.unlock() }
        return try silencingStandardError(body)
    }

    private static func silencingStandardError<Result>(_ body: () throws -> Result) rethrows -> Result {
        fflush(nil)
        let saved = dup(2)
        let nowhere = open("/dev/null", O_WRONLY)
        guard saved >= 0, nowhere >= 0 else {
            if saved >= 0 { close(saved) }
            if nowhere >= 0 { close(nowhere) }
            return try body()
        }
        dup2(nowhere, 2)
        close(nowhere)
        defer {
            fflush(nil)
            dup2(saved, 2)
            close(saved)
        }
        return try body()
    }
}
