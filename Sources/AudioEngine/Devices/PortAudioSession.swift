import CPortAudio

/// PortAudio between `Pa_Initialize` and `Pa_Terminate`.
///
/// PortAudio reads the list of devices when it is initialised: a new session sees what was plugged in since.
final class PortAudioSession: Sendable {
    private static let usualRates = [16_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000]

    init() throws {
        let status = PortAudioLibrary.exclusively { Pa_Initialize() }
        guard status == paNoError.rawValue else {
            throw EngineError(
                .deviceUnavailable, "PortAudio does not start: \(String(cString: Pa_GetErrorText(status)))")
        }
    }

    deinit {
        _ = PortAudioLibrary.exclusively { Pa_Terminate() }
    }

    /// All devices, with the rates they can be opened at.
    var devices: AudioDevices {
        PortAudioLibrary.exclusively { AudioDevices(inputs: devices(.input), outputs: devices(.output)) }
    }

    /// Name of a device of this session.
    func name(of index: PaDeviceIndex) -> String {
        PortAudioLibrary.exclusively { String(cString: Pa_GetDeviceInfo(index).pointee.name) }
    }

    /// What to open of a card for `count` channels of a chain. Without `channels`, a card that has fewer gets the first
    /// ones.
    ///
    /// - Throws: ``EngineError`` `deviceUnavailable` for a card that is not there, or lacks a channel that was asked
    ///   for.
    func end(
        _ name: String?,
        _ direction: AudioDevice.Direction,
        channels: CardChannels?,
        of count: Int
    ) throws -> CardStream.End {
        try PortAudioLibrary.exclusively {
            let device = try find(name, direction)
            let info = Pa_GetDeviceInfo(device).pointee
            let most = Int(direction == .input ? info.maxInputChannels : info.maxOutputChannels)
            guard let highest = channels?.highest else {
                return CardStream.End(device: device, channels: min(count, most))
            }
            guard highest <= most else {
                throw EngineError(
                    .deviceUnavailable,
                    "the sound card '\(String(cString: info.name))' has \(most) \(direction.rawValue) channels; "
                        + "there is no channel \(highest)"
                )
            }
            // An even number: a sound server takes one channel for all loudspeakers, and three for none that it knows.
            return CardStream.End(device: device, channels: min(highest + highest % 2, most))
        }
    }

    /// Whether two devices count the same samples: they are one, or JACK's server drives both.
    func haveOneClock(_ one: PaDeviceIndex, _ other: PaDeviceIndex) -> Bool {
        PortAudioLibrary.exclusively {
            one == other
                || [one, other].allSatisfy { device in
                    let hostApi = Pa_GetDeviceInfo(device).pointee.hostApi
                    return Pa_GetHostApiInfo(hostApi)?.pointee.type == paJACK
                }
        }
    }

    /// Names of the devices of one direction.
    func names(_ direction: AudioDevice.Direction) -> [String] {
        PortAudioLibrary.exclusively { indices(direction).map(name(of:)) }
    }

    /// The device with that name, or whose name alone contains it; `nil` asks for the system's default.
    ///
    /// - Throws: ``EngineError`` `deviceUnavailable` with the names there are.
    private func find(_ name: String?, _ direction: AudioDevice.Direction) throws -> PaDeviceIndex {
        guard let name else {
            let index = direction == .input ? Pa_GetDefaultInputDevice() : Pa_GetDefaultOutputDevice()
            guard index >= 0 else {
                throw EngineError(.deviceUnavailable, "there is no sound card for \(direction.rawValue)")
            }
            return index
        }
        let all = zip(indices(direction), names(direction))
        if let exact = all.first(where: { $0.1.lowercased() == name.lowercased() }) { return exact.0 }
        let similar = all.filter { $0.1.lowercased().contains(name.lowercased()) }
        if similar.count == 1 { return similar[0].0 }
        let candidates = similar.isEmpty ? names(direction) : similar.map(\.1)
        let list = candidates.isEmpty ? "none" : candidates.map { "'\($0)'" }.joined(separator: ", ")
        throw EngineError(
            .deviceUnavailable,
            similar.isEmpty
                ? "there is no sound card '\(name)' for \(direction.rawValue); there are: \(list)"
                : "'\(name)' fits several sound cards for \(direction.rawValue): \(list)"
        )
    }

    private func indices(_ direction: AudioDevice.Direction) -> [PaDeviceIndex] {
        (0..<max(Pa_GetDeviceCount(), 0)).filter { index in
            let info = Pa_GetDeviceInfo(index).pointee
            return (direction == .input ? info.maxInputChannels : info.maxOutputChannels) > 0
        }
    }

    private func devices(_ direction: AudioDevice.Direction) -> [AudioDevice] {
        let standard = direction == .input ? Pa_GetDefaultInputDevice() : Pa_GetDefaultOutputDevice()
        return indices(direction).map { index in
            let info = Pa_GetDeviceInfo(index).pointee
            let isInput = direction == .input
            return AudioDevice(
                name: String(cString: info.name),
                hostApi: Pa_GetHostApiInfo(info.hostApi).map { String(cString: $0.pointee.name) } ?? "",
                direction: direction,
                maxChannels: Int(isInput ? info.maxInputChannels : info.maxOutputChannels),
                defaultSampleRate: info.defaultSampleRate,
                sampleRates: Self.usualRates.filter { supports(index, direction, rate: $0) },
                isDefault: index == standard,
                lowLatencyMs: 1000 * (isInput ? info.defaultLowInputLatency : info.defaultLowOutputLatency)
            )
        }
    }

    private func supports(_ index: PaDeviceIndex, _ direction: AudioDevice.Direction, rate: Int) -> Bool {
        var parameters = PaStreamParameters()
        parameters.device = index
        parameters.channelCount = 1
        parameters.sampleFormat = PaSampleFormat(0x1)
        let isInput = direction == .input
        return withUnsafePointer(to: &parameters) {
            Pa_IsFormatSupported(isInput ? $0 : nil, isInput ? nil : $0, Double(rate)) == 0
        }
    }
}
