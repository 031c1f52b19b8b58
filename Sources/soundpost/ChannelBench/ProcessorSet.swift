import CChannelBench
import Foundation

/// The processors on which the calling thread may run. Where the system lets no thread choose (macOS), nothing is
/// pinned.
struct ProcessorSet {
    /// One bit each; nil where nothing can be chosen.
    private var mask: [UInt8]?

    /// Those that are allowed now.
    init() throws {
        var mask = [UInt8](repeating: 0, count: 1024)
        let code = -bench_processors(&mask, mask.count)
        guard code == 0 || code == ENOSYS else {
            throw CommandFailure("the allowed processors cannot be read: \(String(cString: strerror(code)))")
        }
        self.mask = code == 0 ? mask : nil
    }

    private init(mask: [UInt8]?) {
        self.mask = mask
    }

    private var numbers: [Int] {
        guard let mask else { return Array(0..<ProcessInfo.processInfo.activeProcessorCount) }
        return (0..<mask.count * 8).filter { mask[$0 / 8] & 1 << ($0 % 8) != 0 }
    }

    var count: Int { numbers.count }

    /// Only the first of them, or only the last.
    func only(last: Bool) -> ProcessorSet {
        guard var one = mask, let chosen = last ? numbers.last : numbers.first else { return self }
        for index in one.indices { one[index] = index == chosen / 8 ? 1 << (chosen % 8) : 0 }
        return ProcessorSet(mask: one)
    }

    /// Runs the calling thread there from now on.
    func apply() throws {
        guard let mask else { return }
        let code = -bench_choose_processors(mask, mask.count)
        guard code == 0 else {
            throw CommandFailure("the processor cannot be chosen: \(String(cString: strerror(code)))")
        }
    }
}
