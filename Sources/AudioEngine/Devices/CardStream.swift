import CDynamicChain
import CPortAudio

/// What a stream's call-back runs.
enum CardClient {
    /// The host. With a follower, its input comes from another card.
    case driver(DriverCore, input: CardFollower?)
    /// The input of a host that another card drives.
    case input(CardFollower)
}

/// What the call-back needs, as plain memory: no object, so no reference counting on the audio thread.
private struct CardContext: BitwiseCopyable {
    let inputChannels: UInt32
    let outputChannels: UInt32
    /// Set when the card drives.
    var driver: OpaquePointer?
    var follower: OpaquePointer?
}

/// An open PortAudio stream of one card.
///
/// `@unchecked Sendable`: PortAudio's functions are called behind ``PortAudioLibrary``'s door, except for
/// `Pa_IsStreamActive`, which only reads; `context` and `client` change before the stream starts, by the thread that
/// starts it.
final class CardStream: @unchecked Sendable {
    /// 32-bit float, interleaved; PortAudio dithers and limits where the card wants integers.
    private static let sampleFormat = PaSampleFormat(0x1)
    private static let noFlags = PaStreamFlags(0)

    /// What the card grants, in seconds; 0 without that direction.
    let inputLatency: Double
    let outputLatency: Double
    private let stream: UnsafeMutableRawPointer
    private let context: UnsafeMutablePointer<CardContext>
    private let session: PortAudioSession
    /// The call-back has its addresses until the stream is closed.
    private var client: CardClient?

    /// One direction of the stream.
    struct End {
        let device: PaDeviceIndex
        /// No more than it has.
        let channels: Int
    }

    /// Opens the stream with the host's rate and frame size.
    ///
    /// - Parameter realtime: asks for real-time scheduling of the call-back's thread.
    /// - Throws: ``EngineError`` `deviceUnavailable` with the devices' names and PortAudio's reason.
    init(session: PortAudioSession, format: HostFormat, input: End?, output: End?, realtime: Bool) throws {
        var inputParameters = input.map { Self.parameters($0, .input, format) }
        var outputParameters = output.map { Self.parameters($0, .output, format) }
        let context = UnsafeMutablePointer<CardContext>.allocate(capacity: 1)
        context.initialize(
            to: CardContext(
                inputChannels: UInt32(inputParameters?.channelCount ?? 0),
                outputChannels: UInt32(outputParameters?.channelCount ?? 0)
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
                        serveCard,
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
        #if os(Linux)
            // JACK and Core Audio schedule their call-backs themselves. What the system does not permit is not done.
            if realtime, let device = (output ?? input)?.device, Self.isALSA(device) {
                PaAlsa_EnableRealtimeScheduling(stream, 1)
            }
        #endif
        let info = Pa_GetStreamInfo(stream)?.pointee
        inputLatency = info?.inputLatency ?? 0
        outputLatency = info?.outputLatency ?? 0
    }

    deinit {
        _ = PortAudioLibrary.exclusively { Pa_CloseStream(stream) }
        context.deallocate()
    }

    /// False once the device has gone, or before `start()`.
    var isActive: Bool { Pa_IsStreamActive(stream) == 1 }

    /// Begins the call-backs. Once.
    func start(_ client: CardClient) throws {
        self.client = client
        switch client {
        case .driver(let core, let follower):
            context.pointee.driver = core.pointer
            context.pointee.follower = follower?.pointer
        case .input(let follower):
            context.pointee.follower = follower.pointer
        }
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
        let info = Pa_GetDeviceInfo(end.device).pointee
        var parameters = PaStreamParameters()
        parameters.device = end.device
        parameters.channelCount = Int32(end.channels)
        parameters.sampleFormat = sampleFormat
        // The driver's proposal for players, not the one for instruments: a few tens of milliseconds that survive a
        // machine with other work to do.
        parameters.suggestedLatency = max(
            4 * Double(format.frameSize) / Double(format.sampleRate),
            direction == .input ? info.defaultHighInputLatency : info.defaultHighOutputLatency
        )
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

/// PortAudio's call-back. Runs on the card's thread: plain loads and C calls.
private func serveCard(
    input: UnsafeRawPointer?,
    output: UnsafeMutableRawPointer?,
    frames: UInt,
    time: UnsafePointer<PaStreamCallbackTimeInfo>?,
    flags: PaStreamCallbackFlags,
    userData: UnsafeMutableRawPointer?
) -> CInt {
    guard let context = userData?.load(as: CardContext.self) else { return CInt(paAbort.rawValue) }
    let now = DynPC_Now(nil)
    let input = input?.assumingMemoryBound(to: Float.self)
    let frames = UInt32(truncatingIfNeeded: frames)
    if let driver = context.driver {
        let output = output?.assumingMemoryBound(to: Float.self)
        DynDriver_CardBlock(driver, input, context.inputChannels, output, context.outputChannels, frames)
        if let follower = context.follower { DynFollower_Took(follower, now) }
    } else if let follower = context.follower {
        // `paInputOverflow`, a macro with a cast: samples before this block were lost.
        let inputOverflow: PaStreamCallbackFlags = 0x2
        if flags & inputOverflow != 0 { DynFollower_Lost(follower) }
        DynFollower_CardBlock(follower, input, context.inputChannels, frames, now)
    }
    return CInt(paContinue.rawValue)
}
