import CDynamicChain
import Foundation

/// The C host with its memory and its worker threads: the tick of one running stretch.
///
/// `@unchecked Sendable`: the driver's thread only calls functions marked for the audio thread; all others are called
/// by one control thread at a time, which the engine's lock (or the one owner, when rendering) sees to.
final class EngineHost: @unchecked Sendable {
    /// What a host is for, which says how much room it needs beside its plans.
    enum Role {
        /// Plays: can be bypassed, and is drained now and then. `input` hears what goes into the chain, `output` what
        /// comes out behind the level.
        case live(input: AudioTap?, output: AudioTap?)
        /// Renders a stretch: is never bypassed, and drained after every frame or not at all.
        case offline
    }

    static let eventCapacity = 16_384
    private static let spinMicroseconds: UInt32 = 50

    /// How long a bypassed signal can be held back.
    private static let bypassSeconds = 2

    let format: HostFormat
    let pointer: OpaquePointer
    private let memory: UnsafeMutableRawPointer
    private let pool: OpaquePointer?
    /// Kept alive: the host writes into them.
    private let taps: [AudioTap]
    private let telemetryCapacity: Int
    private let records: UnsafeMutableBufferPointer<DynHostRecord>

    /// - Parameters:
    ///   - first: runs from frame 0; the caller keeps it alive.
    ///   - workers: threads that share the cores of a tick, the driver's own included.
    ///   - priority: real-time priority of the workers, 0 = ordinary scheduling.
    init(first: EnginePlan, workers: Int, priority: Int32, role: Role = .offline) throws {
        format = first.format
        let (input, output): (AudioTap?, AudioTap?)
        let bypassDelay: Int
        switch role {
        case .live(let heardInput, let heardOutput):
            (input, output) = (heardInput, heardOutput)
            bypassDelay = Self.bypassSeconds * format.sampleRate
            telemetryCapacity = 32_768
        case .offline:
            (input, output) = (nil, nil)
            bypassDelay = 0
            // Of one frame: a time and a fault of each module on every core, and the cores' own.
            telemetryCapacity = 8192
        }
        let threads = min(workers, ProcessInfo.processInfo.activeProcessorCount, Int(DYNCHAIN_MAX_CORES))
        pool = threads > 1 ? DynPool_Create(UInt32(threads), Self.spinMicroseconds, priority) : nil

        var config = DynHostConfig()
        config.abiVersion = DYNCHAIN_ABI_VERSION
        config.structSize = UInt32(MemoryLayout<DynHostConfig>.size)
        config.sampleRate = UInt32(format.sampleRate)
        config.frameSize = UInt32(format.frameSize)
        config.numInputs = UInt32(format.inputs)
        config.numOutputs = UInt32(format.outputs)
        config.eventCapacity = UInt32(Self.eventCapacity)
        config.telemetryCapacity = UInt32(telemetryCapacity)
        config.maxBypassDelay = UInt32(bypassDelay)
        config.inputTap = input?.target
        config.outputTap = output?.target
        config.now = DynPC_Now
        if let pool {
            config.execute = DynPool_Execute
            config.executeContext = UnsafeMutableRawPointer(pool)
        }
        var size = 0
        var status = DynHost_GetMemSize(&config, &size)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: Int(DYNCHAIN_ALIGN))
        var pointer: OpaquePointer?
        if status == DYNCHAIN_OK { status = DynHost_Init(memory, size, &config, first.pointer, &pointer) }
        guard status == DYNCHAIN_OK, let pointer else {
            memory.deallocate()
            DynPool_Destroy(pool)
            throw EngineError(
                .chainRefused,
                "the DSP host refuses \(format.sampleRate) Hz with frames of \(format.frameSize) (code \(status))"
            )
        }
        self.memory = memory
        taps = [input, output].compactMap { $0 }
        self.pointer = pointer
        records = .allocate(capacity: 2048)
    }

    deinit {
        DynPool_Destroy(pool)
        memory.deallocate()
        records.deallocate()
    }

    /// Stream position of the next frame, in samples. Any thread.
    var position: UInt64 { DynHost_Position(pointer) }

    var isSwapping: Bool { DynHost_IsSwapping(pointer) != 0 }

    var counters: DynHostCounters {
        var counters = DynHostCounters()
        DynHost_GetCounters(pointer, &counters)
        return counters
    }

    /// Queues a batch that acts as one event.
    ///
    /// - Returns: `false` when there is no room now; nothing was taken.
    func push(_ events: [DynHostEvent]) -> Bool {
        DynHost_PushEvents(pointer, events, UInt32(events.count)) == DYNCHAIN_OK
    }

    /// A plan that the audio thread has let go.
    func takeRetired() -> OpaquePointer? {
        DynHost_TakeRetired(pointer)
    }

    /// Hands over the records that are waiting, and of those that come meanwhile no more than the ring holds: the
    /// caller has a lock.
    func drainTelemetry(_ body: (UnsafeMutableBufferPointer<DynHostRecord>.SubSequence) -> Void) {
        for _ in 0..<(telemetryCapacity / records.count) {
            let count = Int(DynHost_ReadTelemetry(pointer, records.baseAddress, UInt32(records.count)))
            if count > 0 { body(records[..<count]) }
            guard count == records.count else { return }
        }
    }

    /// Level behind the chain; glides over 20 ms. Any thread.
    func setOutput(gain: Float, muteMask: UInt32) {
        DynHost_SetOutput(pointer, gain, muteMask)
    }

    /// Puts the input in place of the chain's output, `delay` samples later, or ends that.
    func setBypass(_ isBypassed: Bool, gain: Float, delay: Int) {
        DynHost_SetBypass(pointer, isBypassed ? 1 : 0, gain, UInt32(clamping: delay))
    }

    /// Lets only a band be heard; `nil` = all.
    func setAudition(_ band: OutputSettings.Band?) {
        DynHost_SetAudition(pointer, Float(band?.frequency ?? 0), Float(band?.q ?? 1))
    }

    /// Where the first glide starts. Before the first frame.
    func setOutputNow(gain: Float, muteMask: UInt32) {
        DynHost_SetOutputNow(pointer, gain, muteMask)
    }
}
