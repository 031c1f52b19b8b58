/// A name that other versions of the configuration file have and this one does nothing with.
struct IgnoredSetting: Sendable {
    let section: String
    /// Nil means the whole section.
    let name: String?
    let reason: String

    init(_ section: String, name: String? = nil, _ reason: String) {
        self.section = section
        self.name = name
        self.reason = reason
    }

    private static let later = "this version has no such part"

    static let all: [IgnoredSetting] = [
        IgnoredSetting(
            "Backend", name: "CorsAllowAll",
            "pages of every site could control the node; list them in Backend.CorsOrigins"),
        IgnoredSetting("Backend", name: "WsBufferSize", "the size follows from the limits of a message"),
        IgnoredSetting("AudioEngine", name: "DllPath", "a library is never loaded from a configured path"),
        IgnoredSetting("AudioEngine", name: "FrameSize", "the chain's own 'global' decides it"),
        IgnoredSetting("AudioEngine", name: "SampleRate", "the chain's own 'global' decides it"),
        IgnoredSetting("AudioEngine", name: "SimFrameSyncMode", "the cores always meet at a barrier"),
        IgnoredSetting("AudioEngine", name: "InputRingCapacity", "the size follows from the frame and the device"),
        IgnoredSetting("AudioEngine", name: "OutputRingCapacity", "the size follows from the frame and the device"),
        IgnoredSetting("Debug", name: "WavCaptureDir", later),
        IgnoredSetting("Dsp", later),
        IgnoredSetting("CodeGen", later),
        IgnoredSetting("Legacy", later),
        IgnoredSetting("Monitor", later),
        IgnoredSetting("Mesh", later),
    ]
}
