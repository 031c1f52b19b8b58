internal import Foundation

/// Makes the channel that fits where a program runs.
public struct ChannelFactory: Sendable {
    private let environment: [String: String]

    /// With the process's environment.
    public init() {
        self.init(environment: ProcessInfo.processInfo.environment)
    }

    public init(environment: [String: String]) {
        self.environment = environment
    }

    /// `SOUNDPOST_IPC_MODE` if it is set (`stdio` and `legacy` are the same), else a local socket if
    /// `SOUNDPOST_IPC_CHANNEL` names one, else a thread channel.
    ///
    /// - Throws: `io` for a mode that does not exist.
    public func detectedKind() throws(ChannelError) -> ChannelKind {
        if let mode = environment["SOUNDPOST_IPC_MODE"], !mode.isEmpty {
            if mode == "legacy" { return .stdio }
            guard let kind = ChannelKind(rawValue: mode) else {
                let known = ChannelKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw ChannelError(.io, channel: "", "SOUNDPOST_IPC_MODE is '\(mode)'; there are \(known) and legacy")
            }
            return kind
        }
        return channelName == nil ? .thread : .localSocket
    }

    /// The name in `SOUNDPOST_IPC_CHANNEL`.
    public var channelName: String? {
        guard let name = environment["SOUNDPOST_IPC_CHANNEL"], !name.isEmpty else { return nil }
        return name
    }

    /// Makes a channel, as a client where there are servers.
    ///
    /// - Parameters:
    ///   - kind: Nil: as detected.
    ///   - name: Nil: `SOUNDPOST_IPC_CHANNEL`. Standard input and output need none.
    public func create(
        _ kind: ChannelKind? = nil, name: String? = nil, _ options: ChannelOptions = ChannelOptions()
    ) throws(ChannelError) -> Channel {
        let kind = if let kind { kind } else { try detectedKind() }
        let name = name ?? channelName
        let place = SocketPlace(environment: environment)
        switch kind {
        case .thread: return try .thread(name ?? "thread", options)
        case .stdio: return try .standardInputAndOutput(options)
        case .localSocket: return try .connectLocalSocket(try required(name), options, in: place)
        case .sharedMemory: return try .connectSharedMemory(try required(name), options, in: place)
        }
    }

    private func required(_ name: String?) throws(ChannelError) -> String {
        guard let name else {
            throw ChannelError(.io, channel: "", "no channel is named: set SOUNDPOST_IPC_CHANNEL")
        }
        return name
    }
}
