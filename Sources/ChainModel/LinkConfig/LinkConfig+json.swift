public import WireFormats

extension LinkConfig {
    /// Reads a chain file that is already JSON.
    ///
    /// - Throws: Every missing key and every value of the wrong type, each with its path. What the values mean is
    ///   judged by `ChainValidator`.
    public init(json: JSONValue) throws(ChainFaults) {
        var faults: [ChainFault] = []
        let config = LinkConfig.read(json, &faults)
        guard let config, faults.isEmpty else { throw ChainFaults(faults) }
        self = config
    }

    /// The chain file as JSON.
    public var json: JSONValue {
        var members = unknown
        members["version"] = .string(version)
        members["rootChainId"] = .string(rootChainId)
        members["global"] = global.json
        members["chains"] = .object(chains.mapValues(\.json))
        return .object(members)
    }

    private static func read(_ value: JSONValue, _ faults: inout [ChainFault]) -> LinkConfig? {
        guard var reader = ObjectReader(value, path: "", faults: &faults) else { return nil }
        let version = reader.string("version", &faults)
        let rootChainId = reader.string("rootChainId", &faults)
        let global = reader.member("global", &faults).flatMap { GlobalSettings($0, &faults) }
        var chains: [String: ChainDefinition] = [:]
        for (id, value) in reader.object("chains", &faults).sorted(by: { $0.key < $1.key }) {
            chains[id] = ChainDefinition(value, path: "chains.\(id)", &faults)
        }
        guard let global else { return nil }
        return LinkConfig(
            version: version,
            rootChainId: rootChainId,
            global: global,
            chains: chains,
            unknown: reader.remaining
        )
    }
}

extension GlobalSettings {
    fileprivate init?(_ value: JSONValue, _ faults: inout [ChainFault]) {
        guard var reader = ObjectReader(value, path: "global", faults: &faults) else { return nil }
        channels = reader.integer("channels", &faults)
        sampleRate = reader.integer("sampleRate", &faults)
        frameSize = reader.integer("frameSize", &faults)
        unknown = reader.remaining
    }

    fileprivate var json: JSONValue {
        var members = unknown
        members["channels"] = .integer(Int64(channels))
        members["sampleRate"] = .integer(Int64(sampleRate))
        members["frameSize"] = .integer(Int64(frameSize))
        return .object(members)
    }
}

extension ChainDefinition {
    fileprivate init?(_ value: JSONValue, path: String, _ faults: inout [ChainFault]) {
        guard var reader = ObjectReader(value, path: path, faults: &faults) else { return nil }
        id = reader.string("id", &faults)
        name = reader.optionalString("name", &faults)
        externalPorts = PortDescriptor.optionalList(&reader, "externalPorts", &faults)
        nodes = []
        for (index, value) in reader.array("nodes", &faults).enumerated() {
            if let node = ChainNode(value, path: "\(path).nodes[\(index)]", &faults) { nodes.append(node) }
        }
        edges = []
        for (index, value) in reader.array("edges", &faults).enumerated() {
            if let edge = ChainEdge(value, path: "\(path).edges[\(index)]", &faults) { edges.append(edge) }
        }
        unknown = reader.remaining
    }

    fileprivate var json: JSONValue {
        var members = unknown
        members["id"] = .string(id)
        if let name { members["name"] = .string(name) }
        if let externalPorts { members["externalPorts"] = .array(externalPorts.map(\.json)) }
        members["nodes"] = .array(nodes.map(\.json))
        members["edges"] = .array(edges.map(\.json))
        return .object(members)
    }
}

extension ChainNode {
    fileprivate init?(_ value: JSONValue, path: String, _ faults: inout [ChainFault]) {
        guard var reader = ObjectReader(value, path: path, faults: &faults) else { return nil }
        instanceId = reader.string("instanceId", &faults)
        moduleType = reader.string("moduleType", &faults)
        subGraphId = reader.optionalString("subGraphId", &faults)
        order = reader.optionalInteger("order", &faults)
        enabled = reader.optionalBoolean("enabled", &faults)
        position =
            reader.states("position")
            ? reader.member("position", &faults).flatMap { Position($0, path: "\(path).position", &faults) } : nil
        ports = PortDescriptor.optionalList(&reader, "ports", &faults)
        unknown = reader.remaining
    }

    fileprivate var json: JSONValue {
        var members = unknown
        members["instanceId"] = .string(instanceId)
        members["moduleType"] = .string(moduleType)
        if let subGraphId { members["subGraphId"] = .string(subGraphId) }
        if let order { members["order"] = .integer(Int64(order)) }
        if let enabled { members["enabled"] = .bool(enabled) }
        if let position { members["position"] = position.json }
        if let ports { members["ports"] = .array(ports.map(\.json)) }
        return .object(members)
    }
}

extension ChainNode.Position {
    fileprivate init?(_ value: JSONValue, path: String, _ faults: inout [ChainFault]) {
        guard var reader = ObjectReader(value, path: path, faults: &faults) else { return nil }
        x = reader.double("x", &faults)
        y = reader.double("y", &faults)
        unknown = reader.remaining
    }

    fileprivate var json: JSONValue {
        var members = unknown
        members["x"] = .number(x)
        members["y"] = .number(y)
        return .object(members)
    }
}

extension PortDescriptor {
    fileprivate static func optionalList(
        _ reader: inout ObjectReader,
        _ key: String,
        _ faults: inout [ChainFault]
    ) -> [PortDescriptor]? {
        guard reader.states(key) else { return nil }
        var ports: [PortDescriptor] = []
        for (index, value) in reader.array(key, &faults).enumerated() {
            if let port = PortDescriptor(value, path: "\(reader.path(key))[\(index)]", &faults) { ports.append(port) }
        }
        return ports
    }

    private init?(_ value: JSONValue, path: String, _ faults: inout [ChainFault]) {
        guard var reader = ObjectReader(value, path: path, faults: &faults) else { return nil }
        id = reader.string("id", &faults)
        direction = reader.string("direction", &faults)
        channels = reader.optionalInteger("channels", &faults)
        sampleRate = reader.optionalInteger("sampleRate", &faults)
        label = reader.optionalString("label", &faults)
        required = reader.optionalBoolean("required", &faults)
        unknown = reader.remaining
    }

    fileprivate var json: JSONValue {
        var members = unknown
        members["id"] = .string(id)
        members["direction"] = .string(direction)
        if let channels { members["channels"] = .integer(Int64(channels)) }
        if let sampleRate { members["sampleRate"] = .integer(Int64(sampleRate)) }
        if let label { members["label"] = .string(label) }
        if let required { members["required"] = .bool(required) }
        return .object(members)
    }
}

extension ChainEdge {
    fileprivate init?(_ value: JSONValue, path: String, _ faults: inout [ChainFault]) {
        guard var reader = ObjectReader(value, path: path, faults: &faults) else { return nil }
        id = reader.string("id", &faults)
        fromModule = reader.string("fromModule", &faults)
        fromPort = reader.string("fromPort", &faults)
        toModule = reader.string("toModule", &faults)
        toPort = reader.string("toPort", &faults)
        channels = reader.optionalInteger("channels", &faults)
        sampleRate = reader.optionalInteger("sampleRate", &faults)
        unknown = reader.remaining
    }

    fileprivate var json: JSONValue {
        var members = unknown
        members["id"] = .string(id)
        members["fromModule"] = .string(fromModule)
        members["fromPort"] = .string(fromPort)
        members["toModule"] = .string(toModule)
        members["toPort"] = .string(toPort)
        if let channels { members["channels"] = .integer(Int64(channels)) }
        if let sampleRate { members["sampleRate"] = .integer(Int64(sampleRate)) }
        return .object(members)
    }
}
