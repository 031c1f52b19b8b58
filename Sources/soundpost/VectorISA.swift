import Foundation

/// The instruction set that the DSP kernels run with on this machine.
///
/// On Linux and x86-64 the kernels are compiled three times and the loader picks by the processor's features; this
/// names its choice. Elsewhere there is one version.
enum VectorISA: String {
    case avx512 = "x86-64-v4 (AVX-512)"
    case avx2 = "x86-64-v3 (AVX2)"
    case sse2 = "x86-64 (SSE2)"
    case neon = "arm64 (NEON)"
    case plain = "plain"

    static var current: VectorISA {
        #if arch(arm64)
            return .neon
        #elseif arch(x86_64)
            #if os(Linux)
                return fitting(processorFlags())
            #else
                return .sse2
            #endif
        #else
            return .plain
        #endif
    }

    /// Feature lists of the x86-64 psABI's micro-architecture levels, in the kernel's words.
    static func fitting(_ flags: Set<Substring>) -> VectorISA {
        guard flags.isSuperset(of: ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]) else { return .sse2 }
        return flags.isSuperset(of: ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]) ? .avx512 : .avx2
    }

    private static func processorFlags() -> Set<Substring> {
        guard let data = FileManager.default.contents(atPath: "/proc/cpuinfo") else { return [] }
        let text = String(decoding: data, as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("flags") }
        return Set(line?.split(separator: ":").last?.split(separator: " ") ?? [])
    }
}
