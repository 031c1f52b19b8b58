import ChainModel

/// All parameter values that were ever set: those of the chain in force as typed values, the others as strings that
/// wait until a chain has a place for them. A value type, so that a change can be prepared and dropped.
struct ParameterStore: Sendable {
    private let resolver: ParameterResolver
    private var active: [InstanceID: [ParameterKey: StoredParameter]]
    /// Strings by instance and canonical key.
    private var dormant: [String: [String: String]]
    /// Grows with every change.
    private(set) var revision: UInt64

    /// - Parameter stored: strings by instance and canonical key.
    init(chain: FlattenedChain, stored: [String: [String: String]]) {
        self.init(resolver: ParameterResolver(chain: chain), stored: stored, revision: 0)
    }

    private init(resolver: ParameterResolver, stored: [String: [String: String]], revision: UInt64) {
        self.resolver = resolver
        self.revision = revision
        active = [:]
        dormant = [:]
        for (instance, parameters) in stored {
            for (key, text) in parameters {
                do throws(ParameterFault) {
                    let found = try resolver.resolve(instance: instance, key: key, input: .string(text))
                    active[found.id.instance, default: [:]][found.id.key] = StoredParameter(found)
                } catch {
                    // Not a fault: the value waits for a chain that takes it.
                    dormant[instance, default: [:]][key] = text
                }
            }
        }
    }

    /// The same values as another chain takes them.
    func rebound(to chain: FlattenedChain) -> ParameterStore {
        ParameterStore(resolver: ParameterResolver(chain: chain), stored: snapshot.values, revision: revision + 1)
    }

    /// Number of values of the chain in force.
    var count: Int {
        active.values.reduce(0) { $0 + $1.count }
    }

    /// Values of the chain in force.
    var values: [ParameterID: ParameterValue] {
        var values: [ParameterID: ParameterValue] = [:]
        for parameter in active.values.joined().map(\.value) {
            values[parameter.id] = parameter.value
        }
        return values
    }

    /// Everything as strings, for the disk.
    var snapshot: ParameterSnapshot {
        var values = dormant
        for (instance, parameters) in active {
            values[instance.rawValue, default: [:]].merge(Self.strings(parameters)) { _, present in present }
        }
        return ParameterSnapshot(values: values)
    }

    /// Checks a value without storing it.
    func check(
        _ input: ParameterInput,
        at element: ElementReference,
        of instance: String
    ) throws(ParameterFault) -> StoredParameter {
        let key = element.completed(for: module(instance)?.type)
        return StoredParameter(try resolver.resolve(instance: instance, key: key, input: input))
    }

    /// Takes over values that were checked against this chain.
    mutating func store(_ parameters: [StoredParameter]) {
        for parameter in parameters {
            active[parameter.id.instance, default: [:]][parameter.id.key] = parameter
            dormant[parameter.id.instance.rawValue]?[parameter.id.key.description] = nil
        }
        revision += 1
    }

    /// The value in force: the stored one, else the default.
    func value(at element: ElementReference, of instance: String) throws(ParameterFault) -> StoredParameter {
        guard let module = module(instance) else { throw unknown(instance) }
        let key = element.completed(for: module.type)
        let id = ParameterID(instance: module.id, key: key)
        let schema = try resolver.schema(of: id)
        return active[id.instance]?[key]
            ?? StoredParameter(id: id, value: schema.defaultValue(at: key.indices), schema: schema)
    }

    /// Stored strings of one module of the chain, by canonical key.
    func strings(of instance: String) throws(ParameterFault) -> [String: String] {
        guard let module = module(instance) else { throw unknown(instance) }
        return Self.strings(active[module.id] ?? [:])
    }

    private func module(_ instance: String) -> FlatModule? {
        InstanceID(rawValue: instance).flatMap(resolver.moduleIndex(of:)).map { resolver.chain.modules[$0] }
    }

    private func unknown(_ instance: String) -> ParameterFault {
        ParameterFault(.unknownInstance, instance: String(instance.prefix(80)), "the chain has no such instance.")
    }

    private static func strings(_ parameters: [ParameterKey: StoredParameter]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: parameters.map { ($0.key.description, $0.value.text) })
    }
}
