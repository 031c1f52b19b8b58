import SoundpostClient

extension ClientConfiguration {
    /// Nothing ends by time: a test must not depend on how busy the machine is.
    static func patient(
        _ address: String,
        name: String? = nil,
        token: String? = nil,
        tls: TLSOptions = TLSOptions()
    ) throws(ClientError) -> ClientConfiguration {
        var configuration = ClientConfiguration(
            address: try NodeAddress(address), name: name, token: token, tls: tls)
        configuration.connectTime = .seconds(3600)
        configuration.answerTime = .seconds(3600)
        return configuration
    }
}

extension SoundpostClient {
    static func connect(
        patiently address: String,
        name: String? = nil,
        token: String? = nil,
        tls: TLSOptions = TLSOptions()
    ) async throws(ClientError) -> SoundpostClient {
        try await connect(.patient(address, name: name, token: token, tls: tls))
    }
}
