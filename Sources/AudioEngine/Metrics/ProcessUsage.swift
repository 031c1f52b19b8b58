import Dispatch
import Foundation

/// Processor time and memory of this process.
struct ProcessUsage {
    private static let shortestInterval = 0.25

    private var lastCPU = Self.cpuSeconds()
    private var lastTime = DispatchTime.now().uptimeNanoseconds
    private var cpuPercent = 0.0

    /// Share of one processor in percent since the last call, or since the one before when that was just now.
    mutating func cpu() -> Double {
        let now = DispatchTime.now().uptimeNanoseconds
        let elapsed = Double(now - lastTime) / 1e9
        guard elapsed >= Self.shortestInterval else { return cpuPercent }
        let used = Self.cpuSeconds()
        cpuPercent = (used - lastCPU) / elapsed * 100
        lastCPU = used
        lastTime = now
        return cpuPercent
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Resident memory in MB (10⁶ bytes); 0 where the system does not say.
    static func memoryMB() -> Double {
        #if canImport(Darwin)
            var info = mach_task_basic_info()
            var count = mach_msg_type_number_t(MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
            let status = withUnsafeMutablePointer(to: &info) {
                $0.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
                    task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
                }
            }
            return status == KERN_SUCCESS ? Double(info.resident_size) / 1e6 : 0
        #else
            // Second field: resident pages.
            guard let text = FileManager.default.contents(atPath: "/proc/self/statm"),
                let pages = Double(String(decoding: text, as: UTF8.self).split(separator: " ").dropFirst().first ?? "")
            else { return 0 }
            return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
        #endif
    }
}
