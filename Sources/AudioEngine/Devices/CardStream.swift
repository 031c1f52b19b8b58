import CDynamicChain
import CPortAudio

/// What an open stream's call-back runs.
enum CardClient {
    /// The host. With a follower, its input comes from another card.
    case driver(DriverCore, input: CardFollower?)
    /// The input of a host that another card drives.
    case input(CardFollower)

    fileprivate var format: HostFormat {
        switch self {
        case .driver(let core, _): core.host.format
        case .input(let follower): follower.format
        }
    }

    fileprivate var callback:
        @convention(c) (
            UnsafeRawPointer?, UnsafeMutableRawPointer?, UInt, UnsafePointer<PaStreamCallbackTimeInfo>?,
            PaStreamCallbackFlags, UnsafeMutableRawPointer?
        ) -> CInt
    {
        switch self {
        case .driver: driveFromCard
        case .input: hearFromCard
        }
    }

    fileprivate func context(inputChannels: Int32?, outputChannels: Int32?) -> CardContext {
        let inputChannels = UInt32(inputChannels ?? 0)
        let outputChannels = UInt32(outputChannels ?? 0)
        return switch self {
        case .driver(let core, let follower):
            CardContext(
                driver: core.pointer, follower: follower?.pointer,
                inputChannels: inputChannels, outputChannels: outputChannels)
        case .input(let follower):
            CardContext(
                driver: nil, follower: follower.pointer, inputChannels: inputChannels, outputChannels: outputChannels)
        }
    }
}

/// What the call-backs need, as plain memory: no object, so no reference counting on the audio thread.
private struct CardContext: BitwiseCopyable {
    let driver: OpaquePointer?
    let follower: OpaquePointer?
    let inputChannels: UInt32
    let outputChannels: UInt32
}

/// An open PortAudio stream of one card.
///
/// `@unchecked Sendable`: PortAudio's functions are called behind ``PortAudioLibrary``'s door, except for
/// `Pa_IsStreamActive`, which only reads; `context` is constant while the stream is open.
final class CardStream: @unchecked Sendable {
    /// 32-bit float, interleaved; PortAudio dithers and limits where the card wants integers.
    private static let sampleFormat = PaSampleFormat(0x1)
    private static let noFlags = PaStreamFlags(0)

    let outputLatency: Double
    private let stream: UnsafeMutableRawPointer
    private let context: UnsafeMutablePointer<CardContext>
    private let session: PortAudioSession
    /// The call-back has its addresses until the stream is closed.
    private let client: CardClient

    /// One direction of the stream.
    struct End {
        let device: PaDeviceIndex
        /// No more than it has.
        let channels: Int
    }

    /// What the stream is opened with, in seconds: the driver's proposal for players, not the one for instruments. A few tens
    /// of milliseconds, that survive a machine with other work to do.
    static func latency(_ end: End, _ direction: AudioDevice.Direction, _ format: HostFormat) -> Double {
        let info = PortAudioLibrary.exclusively { Pa_GetDeviceInfo(end.device).pointee }
        return max(
            4 * Double(format.frameSize) / Double(format.sampleRate),
            direction == .input ? info.defaultHighInputLatency : info.defaultHighOutputLatency
        )
    }

    /// Opens the stream with the client's rate and frame size.
    ///
    /// - Parameter realtime: asks for real-time scheduling of the call-back's thread.
    /// - Throws: ``EngineError`` `deviceUnavailable` with the devices' names and PortAudio's reason.
    init(session: PortAudioSession, client: CardClient, input: End?, output: End?, realtime: Bool) throws {
        let format = client.format
        let callback = client.callback
        var inputParameters = input.map { Self.parameters($0, .input, format) }
        var outputParameters = output.map { Self.parameters($0, .output, format) }
        let context = UnsafeMutablePointer<CardContext>.allocate(capacity: 1)
        context.initialize(
            to: client.context(
                inputChannels: inputParameters?.channelCount,
                outputChannels: outputParameters?.channelCount
            )
        )
        var stream: UnsafeMutableRawPointer?
        let status = PortAudioLibrary.exclusively {
            Self.withPointer(&inputParameters) { inputParameters in
                Self.withPointer(&outputParameters) { outputParameters in
                    Pa_OpenStream(
                        &stream,
                        inputParameters,
                        outputParameters,
                        Double(format.sampleRate),
                        UInt(format.frameSize),
                        Self.noFlags,
                        callback,
                        context
                    )
                }
            }
        }
        guard status == paNoError.rawValue, let stream else {
            context.deallocate()
            let names = [input, output].compactMap { $0 }
                .map { "'\(String(cString: Pa_GetDeviceInfo($0.device).pointee.name))'" }
            throw EngineError(
                .deviceUnavailable,
                "cannot open \(names.joined(separator: " with ")) at \(format.sampleRate) Hz: \(Self.reason(status)); "
                    + "inputs: \(Self.list(session.names(.input))); outputs: \(Self.list(session.names(.output)))"
            )
        }
        self.stream = stream
        self.context = context
        self.session = session
        self.client = client
        #if os(Linux)
            // JACK and Core Audio schedule their call-backs themselves. What the system does not permit is not done.
            if realtime, let device = (output ?? input)?.device, Self.isALSA(device) {
                PaAlsa_EnableRealtimeScheduling(stream, 1)
            }
        #endif
        outputLatency = Pa_GetStreamInfo(stream).map { $0.pointee.outputLatency } ?? 0
    }

    deinit {
        _ = PortAudioLibrary.exclusively { Pa_CloseStream(stream) }
        context.deallocate()
    }

    /// False once the device has gone, or before `start()`.
    var isActive: Bool { Pa_IsStreamActive(stream) == 1 }

    func start() throws {
        let status = PortAudioLibrary.exclusively { Pa_StartStream(stream) }
        guard status == paNoError.rawValue else {
            throw EngineError(.deviceUnavailable, "the sound card does not start: \(Self.reason(status))")
        }
    }

    /// Ends the call-backs, after what was given has been played.
    func stop() {
        _ = PortAudioLibrary.exclusively { Pa_StopStream(stream) }
    }

    private static func isALSA(_ device: PaDeviceIndex) -> Bool {
        let hostApi = Pa_GetDeviceInfo(device).pointee.hostApi
        return Pa_GetHostApiInfo(hostApi)?.pointee.type == paALSA
    }

    private static func parameters(
        _ end: End,
        _ direction: AudioDevice.Direction,
        _ format: HostFormat
    ) -> PaStreamParameters {
        var parameters = PaStreamParameters()
        parameters.device = end.device
        parameters.channelCount = Int32(end.channels)
        parameters.sampleFormat = sampleFormat
        parameters.suggestedLatency = latency(end, direction, format)
        return parameters
    }

    private static func withPointer<Value, Result>(
        _ value: inout Value?,
        _ body: (UnsafePointer<Value>?) -> Result
    ) -> Result {
        guard var present = value else { return body(nil) }
        return body(&present)
    }

    private static func reason(_ status: PaError) -> String {
        let text = String(cString: Pa_GetErrorText(status))
        guard status == paUnanticipatedHostError.rawValue, let host = Pa_GetLastHostErrorInfo() else { return text }
        return "\(text): \(String(cString: host.pointee.errorText))"
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.map { "'\($0)'" }.joined(separator: ", ")
    }
}

/// PortAudio's call-back of the card that drives. Runs on the audio thread: plain loads and C calls.
private func driveFromCard(
    input: UnsafeRawPointer?,
    output: UnsafeMutableRawPointer?,
    frames: UInt,
    time: UnsafePointer<PaStreamCallbackTimeInfo>?,
    flags: PaStreamCallbackFlags,
    userData: UnsafeMutableRawPointer?
) -> CInt {
    guard let context = userData?.load(as: CardContext.self), let driver = context.driver else {
        return CInt(paAbort.rawValue)
    }
    let now = DynPC_Now(nil)
    DynDriver_CardBlock(
        driver,
        input?.assumingMemoryBound(to: Float.self),
        context.inputChannels,
        output?.assumingMemoryBound(to: Float.self),
        context.outputChannels,
        UInt32(truncatingIfNeeded: frames)
    )
    if let follower = context.follower { DynFollower_Took(follower, now) }
    return CInt(paContinue.rawValue)
}

/// PortAudio's call-back of a card that is only heard, on a thread of its own.
private func hearFromCard(
    input: UnsafeRawPointer?,
    output: UnsafeMutableRawPointer?,
    frames: UInt,
    time: UnsafePointer<PaStreamCallbackTimeInfo>?,
    flags: PaStreamCallbackFlags,
    userData: UnsafeMutableRawPointer?
) -> CInt {
    guard let context = userData?.load(as: CardContext.self), let follower = context.follower else {
        return CInt(paAbort.rawValue)
    }
    DynFollower_CardBlock(
        follower,
        input?.assumingMemoryBound(to: Float.self),
        context.inputChannels,
        UInt32(truncatingIfNeeded: frames),
        DynPC_Now(nil)
    )
    return CInt(paContinue.rawValue)
}
