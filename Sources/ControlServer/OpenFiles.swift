import Foundation

/// The system's limit of open files for this process.
enum OpenFiles {
    /// Files that are not connections: the journal, audio, standard streams, the event loops.
    static let reserve = 256

    /// Raises the soft limit as far as the hard one allows.
    ///
    /// - Returns: how many connections it leaves room for.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        #if canImport(Darwin)
            let resource = RLIMIT_NOFILE
        #else
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        guard getrlimit(resource, &limit) == 0 else { return .max }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            // Darwin refuses an unlimited soft limit, and says no number up to which it would take one.
            raised.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 65_536))
            if setrlimit(resource, &raised) == 0 {
                limit = raised
            }
        }
        return max(1, Int(clamping: limit.rlim_cur) - reserve)
    }
}
