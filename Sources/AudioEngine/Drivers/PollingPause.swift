import Foundation

/// A short pause of a control thread that waits for the audio thread, which must not be made to signal.
enum PollingPause {
    static func oneMillisecond() {
        usleep(1000)
    }
}
