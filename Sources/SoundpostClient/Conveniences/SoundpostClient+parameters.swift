public import ControlProtocol

extension SoundpostClient {
    /// Sets one parameter.
    ///
    /// - Parameters:
    ///   - instance: flattened instance id, such as `gain#1`.
    ///   - parameter: name with its indices, such as `gainDb#0`.
    ///   - value: number, boolean or string.
    /// - Returns: the canonical key of what was set.
    /// - Throws: see ``ask(_:timeout:)``.
    @discardableResult
    public func set(_ instance: String, _ parameter: String, to value: JSONScalar) async throws -> String {
        try await ask(SetParameter(instanceId: instance, paramId: parameter, value: value)).paramId
    }

    /// Sets several parameters of one module: all of them, or none.
    public func apply(_ values: [String: JSONScalar], to instance: String) async throws {
        _ = try await ask(ApplyParameters(instanceId: instance, params: values))
    }

    /// The value in force of one parameter, as the string that the node stores.
    public func get(_ instance: String, _ parameter: String) async throws -> String {
        let answer = try await ask(GetParameter(instanceId: instance, paramId: parameter))
        guard let value = answer.value else {
            throw ClientError(.badAnswer, "The answer to \(GetParameter.type) has no value.")
        }
        return value
    }

    /// The values in force of one module, defaults included, by canonical key.
    public func values(of instance: String) async throws -> [String: String] {
        try await ask(GetAllParameters(instanceId: instance)).params ?? [:]
    }

    /// The values in force of every module of the chain, defaults included, by instance id and canonical key.
    public func values() async throws -> [String: [String: String]] {
        try await ask(GetAllParameters()).instances ?? [:]
    }
}
