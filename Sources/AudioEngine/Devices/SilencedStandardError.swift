import Foundation

/// Runs a closure while file descriptor 2 leads to /dev/null.
///
/// ALSA's and JACK's libraries print a page of complaints about plug-ins and servers that are absent, straight to
/// descriptor 2, whenever the devices are listed or one is opened. Nothing of it tells an error that PortAudio does not
/// return. The descriptor belongs to the process: what other threads log in that moment is lost, so the closure should
/// be short.
enum SilencedStandardError {
    static func during<Result>(_ body: () throws -> Result) rethrows -> Result {
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
