import AudioEngine
import ChainModel
import Storage

/// All parameter values that were ever set: those of the chain in force as typed values, the others as strings that
/// wait until a chain has a place for them. A value type, so that a change can be prepared and dropped.
struct ParameterStore: Sendable {
    private let resolver: ParameterResolver
    private var active: [InstanceID: [ParameterKey: StoredParameter]]
    /// Strings by instance and canonical key.
    private var dormant: [String: [String: String]]

    /// - Parameter stored: strings by instance and canonical key.
    init(chain: FlattenedChain, stored: [String: [String: String]]) {
        self.init(resolver: ParameterResolver(chain: chain), stored: stored)
    }

    private init(resolver: ParameterResolver, stored: [String: [String: String]]) {
        self.resolver = resolver
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
        ParameterStore(resolver: ParameterResolver(chain: chain), stored: strings)
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

    /// All strings by instance and canonical key.
    var strings: [String: [String: String]] {
        var values = dormant
        for (instance, parameters) in active {
            values[instance.rawValue, default: [:]].merge(Self.strings(parameters)) { _, present in present }
        }
        return values
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

    /// Takes over changes that were checked against this chain.
    mutating func store(_ changes: [ValueChange]) {
        for change in changes {
            let key = change.key
            if !dormant.isEmpty { dormant[key.instance]?[key.key] = nil }
            if let parameter = change.parameter {
                active[parameter.id.instance, default: [:]][parameter.id.key] = parameter
                continue
            }
            if let id = id(of: key) { active[id.instance]?[id.key] = nil }
            if let text = change.text { dormant[key.instance, default: [:]][key.key] = text }
        }
    }

    /// The string that is stored for an element, whether the chain has a place for it or not; nil for none.
    func stored(_ key: JournalKey) -> String? {
        if let id = id(of: key), let parameter = active[id.instance]?[id.key] { return parameter.text }
        return dormant[key.instance]?[key.key]
    }

    /// The string in force: the stored one, else the default; nil when the chain has no such element and nothing waits.
    func effective(_ key: JournalKey) -> String? {
        effective(key, id: id(of: key))
    }

    /// The string that a change replaces.
    func replaced(by change: ValueChange) -> String? {
        effective(change.key, id: change.parameter?.id ?? id(of: change.key))
    }

    private func effective(_ key: JournalKey, id: ParameterID?) -> String? {
        if let id, let parameter = active[id.instance]?[id.key] { return parameter.text }
        if let text = dormant[key.instance]?[key.key] { return text }
        guard let id else { return nil }
        do throws(ParameterFault) {
            let schema = try resolver.schema(of: id)
            return schema.storeString(for: schema.defaultValue(at: id.key.indices))
        } catch {
            return nil
        }
    }

    /// Whether tuning mode leaves an element alone.
    func isSystem(_ key: JournalKey) -> Bool {
        guard let id = id(of: key) else { return false }
        do throws(ParameterFault) {
            return try resolver.schema(of: id).role == .system
        } catch {
            return false
        }
    }

    /// What storing a string, or none, comes to in this chain.
    func change(of key: JournalKey, to text: String?) -> ValueChange {
        guard let id = id(of: key) else { return ValueChange(key: key, text: text) }
        do throws(ParameterFault) {
            guard let text else {
                let value = try resolver.schema(of: id).defaultValue(at: id.key.indices)
                return ValueChange(key: key, text: nil, default: ParameterAssignment(id: id, value: value))
            }
            let found = try resolver.resolve(instance: key.instance, key: id.key, input: .string(text))
            return ValueChange(StoredParameter(found))
        } catch {
            // Not a fault: the value waits for a chain that takes it.
            return ValueChange(key: key, text: text)
        }
    }

    /// Every value of one module in force, defaults included, by canonical key.
    func allStrings(of instance: String) throws(ParameterFault) -> [String: String] {
        guard let module = module(instance) else { throw unknown(instance) }
        return allStrings(of: module)
    }

    /// Every value in force, defaults included, by instance id and canonical key.
    var allStrings: [String: [String: String]] {
        Dictionary(uniqueKeysWithValues: resolver.chain.modules.map { ($0.id.rawValue, allStrings(of: $0)) })
    }

    /// Every value of one module as its type gives it, whatever is stored.
    func defaults(of instance: String) throws(ParameterFault) -> [StoredParameter] {
        guard let module = module(instance) else { throw unknown(instance) }
        return module.type.parameters.flatMap { schema in
            module.keys(of: schema).map { key in
                let id = ParameterID(instance: module.id, key: key)
                return StoredParameter(id: id, value: schema.defaultValue(at: key.indices), schema: schema)
            }
        }
    }

    private func allStrings(of module: FlatModule) -> [String: String] {
        var strings: [String: String] = [:]
        for schema in module.type.parameters {
            for key in module.keys(of: schema) {
                strings[key.description] =
                    active[module.id]?[key]?.text ?? schema.storeString(for: schema.defaultValue(at: key.indices))
            }
        }
        return strings
    }

    /// Nil for what no chain can have.
    private func id(of key: JournalKey) -> ParameterID? {
        guard let instance = InstanceID(rawValue: key.instance) else { return nil }
        do throws(ParameterFault) {
            return ParameterID(instance: instance, key: try ParameterKey(parsing: key.key))
        } catch {
            return nil
        }
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
