extension FileName {
    /// Two names or paths that are equal here mean one file: Linux tells `Bass` and `bass` apart, other systems do not.
    public static func comparable(_ text: String) -> String {
        #if os(Linux)
            text
        #else
            text.lowercased()
        #endif
    }
}
