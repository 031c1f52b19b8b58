import CDynamicChain
import CPortAudio
import CSampleRate
import CSndFile

/// Versions of the C libraries that this process runs with, in each library's own words.
public enum LibraryVersions {
    /// Version of every struct and table of DynamicChain's headers; a module library must have the same.
    public static let dynamicChainABI = Int(DYNCHAIN_ABI_VERSION)

    /// Such as `libsndfile-1.2.0`.
    public static var sndfile: String { String(cString: sf_version_string()) }

    /// Such as `libsamplerate-0.2.2 (c) 2012-2016 …`.
    public static var sampleRate: String { String(cString: src_get_version()) }

    /// Such as `PortAudio V19.6.0-devel, …`.
    public static var portAudio: String { String(cString: Pa_GetVersionInfo().pointee.versionText) }
}
