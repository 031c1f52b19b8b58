public import ChainModel
public import WireFormats

extension LinkConfig: SchemaDescribed {
    /// A chain file, version 2.2. Keys that it does not name are kept.
    public static let schema = JSONSchema.object([
        .init("version", .string),
        .init("rootChainId", .string),
        .init(
            "global",
            .object([.init("channels", .integer), .init("sampleRate", .integer), .init("frameSize", .integer)])
        ),
        .init("chains", .map(chain)),
    ])

    static let placeholder = LinkConfig(
        rootChainId: "main",
        global: GlobalSettings(channels: 2, sampleRate: 48000, frameSize: 240),
        chains: [:]
    )

    private static let port = JSONSchema.object([
        .init("id", .string),
        .init("direction", .enumeration(PortDirection.allCases.map(\.rawValue))),
        .init("channels", .integer, isRequired: false),
        .init("sampleRate", .integer, isRequired: false),
        .init("label", .string, isRequired: false),
        .init("required", .boolean, isRequired: false),
    ])

    private static let node = JSONSchema.object([
        .init("instanceId", .string),
        .init("moduleType", .string),
        .init("subGraphId", .string, isRequired: false),
        .init("order", .integer, isRequired: false),
        .init("enabled", .boolean, isRequired: false),
        .init("position", .object([.init("x", .number), .init("y", .number)]), isRequired: false),
        .init("ports", .array(port), isRequired: false),
    ])

    private static let edge = JSONSchema.object([
        .init("id", .string),
        .init("fromModule", .string),
        .init("fromPort", .string),
        .init("toModule", .string),
        .init("toPort", .string),
        .init("channels", .integer, isRequired: false),
        .init("sampleRate", .integer, isRequired: false),
    ])

    private static let chain = JSONSchema.object([
        .init("id", .string),
        .init("name", .string, isRequired: false),
        .init("externalPorts", .array(port), isRequired: false),
        .init("nodes", .array(node)),
        .init("edges", .array(edge)),
    ])
}

/// In a message, JSON of any form stands for a chain that is judged only when it is read.
extension JSONValue: SchemaDescribed {
    static let schema = LinkConfig.schema
    static let placeholder = JSONValue.object([:])
}
