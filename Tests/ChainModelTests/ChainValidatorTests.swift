import ChainModel
import Testing
import WireFormats

@Suite struct ChainValidatorTests {
    /// A chain that uses everything a mutation may break: a sub-graph, a join, a fixed and an optional port.
    static let valid = ChainBuilder.link(
        ChainBuilder.chain(
            nodes: [
                ChainBuilder.node(
                    "gain#1",
                    "channel_gain_v1",
                    ports: [
                        PortDescriptor(id: "in", direction: .input, channels: -1, sampleRate: -1, required: true),
                        PortDescriptor(id: "out", direction: .output, channels: -1, sampleRate: -1, required: true),
                    ]
                ),
                ChainBuilder.group(1, "sub"),
                ChainBuilder.node("join#1", "test_join_v1"),
            ],
            edges: [
                "$io.in>gain#1.in", "gain#1.out>group#1.in", "group#1.out>join#1.a", "gain#1.out>join#1.b",
                "join#1.out>$io.out",
            ]
        ),
        ChainBuilder.chain(
            "sub",
            nodes: [ChainBuilder.gain(1), ChainBuilder.gain(2)],
            edges: ["$io.in>gain#1.in", "gain#1.out>gain#2.in", "gain#2.out>$io.out"]
        )
    )

    /// One way to break a valid chain, and what must be reported.
    struct Mutation: CustomTestStringConvertible, Sendable {
        var name: String
        var expected: [String]
        var apply: @Sendable (inout LinkConfig) -> Void

        init(_ name: String, _ expected: String..., apply: @escaping @Sendable (inout LinkConfig) -> Void) {
            self.name = name
            self.expected = expected
            self.apply = apply
        }

        var testDescription: String { name }
    }

    static let mutations: [Mutation] = [
        Mutation("version", "version bad_version") { $0.version = "2.1" },
        Mutation("root", "rootChainId missing_chain") { $0.rootChainId = "nowhere" },
        Mutation("global channels", "global.channels out_of_range") { $0.global.channels = 65 },
        Mutation("frame size", "global.frameSize out_of_range") { $0.global.frameSize = 8193 },
        Mutation("no frames", "global.frameSize out_of_range") { $0.global.frameSize = 0 },
        Mutation("sample rate", "global.sampleRate out_of_range") { $0.global.sampleRate = 7999 },
        Mutation("chain id", "chains.sub.id id_mismatch") { $0.chains["sub"]?.id = "other" },
        Mutation("instance id without number", "chains.main.nodes[0].instanceId bad_id") {
            $0.chains["main"]?.nodes[0].instanceId = "gain"
        },
        Mutation("long instance id", "chains.main.nodes[0].instanceId bad_id") {
            $0.chains["main"]?.nodes[0].instanceId = String(repeating: "g", count: 63) + "#1"
        },
        Mutation("node called $io", "chains.main.nodes[0].instanceId bad_id") {
            $0.chains["main"]?.nodes[0].instanceId = "$io"
        },
        Mutation("repeated instance id", "chains.sub.nodes[1].instanceId duplicate_id") {
            $0.chains["sub"]?.nodes[1].instanceId = "gain#1"
        },
        Mutation("module type", "chains.main.nodes[0].moduleType unknown_module_type") {
            $0.chains["main"]?.nodes[0].moduleType = "flanger_v9"
        },
        Mutation("port id", "chains.main.nodes[0].ports[0].id unknown_port", "chains.main.nodes[0].ports missing_port")
        {
            $0.chains["main"]?.nodes[0].ports?[0].id = "input"
        },
        Mutation("port listed twice", "chains.main.nodes[0].ports[1].id duplicate_id") {
            $0.chains["main"]?.nodes[0].ports?[1].id = "in"
        },
        Mutation("port direction", "chains.main.nodes[0].ports[0].direction bad_direction") {
            $0.chains["main"]?.nodes[0].ports?[0].direction = "output"
        },
        Mutation("no direction", "chains.main.nodes[0].ports[0].direction bad_direction") {
            $0.chains["main"]?.nodes[0].ports?[0].direction = "sideways"
        },
        Mutation("port channels", "chains.main.nodes[0].ports[0].channels channel_mismatch") {
            $0.chains["main"]?.nodes[0].ports?[0].channels = 3
        },
        Mutation("output channels", "chains.main.nodes[0].ports[1].channels channel_mismatch") {
            $0.chains["main"]?.nodes[0].ports?[1].channels = 5
        },
        Mutation("no channels", "chains.main.nodes[0].ports[0].channels out_of_range") {
            $0.chains["main"]?.nodes[0].ports?[0].channels = 0
        },
        Mutation("port rate", "chains.main.nodes[0].ports[0].sampleRate rate_mismatch") {
            $0.chains["main"]?.nodes[0].ports?[0].sampleRate = 44_100
        },
        Mutation("external port rate", "chains.main.externalPorts[1].sampleRate rate_mismatch") {
            $0.chains["main"]?.externalPorts?[1].sampleRate = 96_000
        },
        Mutation("external port channels", "chains.main.externalPorts[1].channels channel_mismatch") {
            $0.chains["main"]?.externalPorts?[1].channels = 4
        },
        Mutation("external port twice", "chains.main.externalPorts[1].id duplicate_id") {
            $0.chains["main"]?.externalPorts?[1].id = "in"
        },
        Mutation("sub-graph's external channels", "chains.sub.externalPorts[0].channels channel_mismatch") {
            $0.chains["sub"]?.externalPorts?[0].channels = 6
        },
        Mutation("edge channels", "chains.main.edges[1].channels channel_mismatch") {
            $0.chains["main"]?.edges[1].channels = 4
        },
        Mutation("edge channels in a sub-graph", "chains.sub.edges[2].channels channel_mismatch") {
            $0.chains["sub"]?.edges[2].channels = 1
        },
        Mutation("edge rate", "chains.main.edges[0].sampleRate rate_mismatch") {
            $0.chains["main"]?.edges[0].sampleRate = 44_100
        },
        Mutation("edge id", "chains.main.edges[3].id duplicate_id") { $0.chains["main"]?.edges[3].id = "e0" },
        Mutation("edge without id", "chains.main.edges[3].id bad_id") { $0.chains["main"]?.edges[3].id = "" },
        Mutation("feedback", "chains.main.edges[2].feedback reserved_key") {
            $0.chains["main"]?.edges[2].unknown["feedback"] = .bool(true)
        },
        Mutation("edge from nowhere", "chains.main.edges[3].fromModule dangling_edge") {
            $0.chains["main"]?.edges[3].fromModule = "gain#9"
        },
        Mutation(
            "edge to nowhere", "chains.main.edges[3].toModule dangling_edge",
            "chains.main.nodes[2].ports unconnected_port"
        ) {
            $0.chains["main"]?.edges[3].toModule = "gain#9"
        },
        Mutation("edge from a missing port", "chains.main.edges[3].fromPort dangling_edge") {
            $0.chains["main"]?.edges[3].fromPort = "left"
        },
        Mutation("edge to a missing external port", "chains.main.edges[4].toPort dangling_edge") {
            $0.chains["main"]?.edges[4].toPort = "left"
        },
        Mutation("edge from an input", "chains.main.edges[3].fromPort bad_direction") {
            $0.chains["main"]?.edges[3].fromPort = "in"
        },
        Mutation("$io against its direction", "chains.main.edges[0].fromPort bad_direction") {
            $0.chains["main"]?.edges[0].fromPort = "out"
        },
        Mutation("two wires to one input", "chains.main.edges[5].toPort repeated_connection") {
            $0.chains["main"]?.edges.append(
                ChainEdge(id: "e9", fromModule: "$io", fromPort: "in", toModule: "join#1", toPort: "a")
            )
        },
        Mutation("unconnected input", "chains.main.nodes[2].ports unconnected_port") {
            $0.chains["main"]?.edges.remove(at: 3)
        },
        Mutation("unconnected external output", "chains.sub.externalPorts[1] unconnected_port") {
            $0.chains["sub"]?.edges.remove(at: 2)
        },
        Mutation("cycle", "chains.sub.edges[0] cycle") {
            $0.chains["sub"]?.edges[0].fromModule = "gain#2"
            $0.chains["sub"]?.edges[0].fromPort = "out"
        },
        Mutation("sub-graph without chain", "chains.main.nodes[1].subGraphId missing_subgraph") {
            $0.chains["main"]?.nodes[1].subGraphId = "lost"
        },
        Mutation("sub-graph without id", "chains.main.nodes[1].subGraphId missing_subgraph") {
            $0.chains["main"]?.nodes[1].subGraphId = nil
        },
        Mutation("sub-graph in itself", "chains.sub.nodes[2].subGraphId circular_subgraph") {
            $0.chains["sub"]?.nodes.append(ChainBuilder.group(9, "sub"))
        },
    ]

    @Test func theUnbrokenChainHasNoFaults() {
        #expect(ChainValidator(library: .test).validate(Self.valid) == [])
    }

    @Test(arguments: mutations)
    func everyKindOfFaultIsReportedWithItsPath(mutation: Mutation) {
        var link = Self.valid
        mutation.apply(&link)
        let faults = ChainValidator(library: .test).validate(link)
        let found = Set(faults.map { "\($0.path) \($0.code)" })
        for expected in mutation.expected { #expect(found.contains(expected), "found \(found)") }
        #expect(faults.allSatisfy { !$0.message.isEmpty })
        #expect(throws: ChainFaults(faults)) { try ChainFlattener(library: .test).flatten(link) }
    }

    @Test func allFaultsAreReportedAtOnce() {
        var link = Self.valid
        let independent = Self.mutations.filter {
            [
                "version", "frame size", "chain id", "edge id", "edge rate", "external port rate", "feedback",
                "port direction",
            ]
            .contains($0.name)
        }
        for mutation in independent { mutation.apply(&link) }
        let found = Set(ChainValidator(library: .test).validate(link).map { "\($0.path) \($0.code)" })
        #expect(found.isSuperset(of: independent.flatMap(\.expected)))
    }

    @Test func aCycleNamesItsModules() {
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                nodes: [
                    ChainBuilder.node("join#1", "test_join_v1"), ChainBuilder.group(1, "sub"), ChainBuilder.gain(5),
                ],
                edges: [
                    "$io.in>join#1.a", "group#1.out>join#1.b", "join#1.out>group#1.in", "join#1.out>gain#5.in",
                    "gain#5.out>$io.out",
                ]
            ),
            ChainBuilder.chain(
                "sub",
                nodes: [ChainBuilder.gain(1)],
                edges: ["$io.in>gain#1.in", "gain#1.out>$io.out"]
            )
        )
        let faults = ChainValidator(library: .test).validate(link)
        #expect(faults.count == 1)
        #expect(faults.first?.code == "cycle")
        #expect(faults.first?.message.contains("join#1, group#1.gain#1") == true)
        #expect(faults.first?.message.contains("gain#5") == false)
    }

    @Test func aCycleOfPassThroughSubGraphsIsReported() {
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                nodes: [ChainBuilder.group(1, "wire"), ChainBuilder.gain(1)],
                edges: ["group#1.out>group#1.in", "$io.in>gain#1.in", "gain#1.out>$io.out"]
            ),
            ChainBuilder.chain("wire", nodes: [], edges: ["$io.in>$io.out"])
        )
        #expect(ChainValidator(library: .test).validate(link).map(\.code).contains("cycle"))
    }

    @Test func signalsThatCrossASubGraphTwiceAreNoCycle() throws {
        let ports =
            ["in", "in2"].map { ChainBuilder.stereo($0, .input) }
            + ["out", "out2"].map { ChainBuilder.stereo($0, .output) }
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                nodes: [ChainBuilder.group(1, "two")],
                edges: ["$io.in>group#1.in", "group#1.out>group#1.in2", "group#1.out2>$io.out"]
            ),
            ChainBuilder.chain(
                "two",
                ports: ports,
                nodes: [ChainBuilder.gain(1), ChainBuilder.gain(2)],
                edges: ["$io.in>gain#2.in", "gain#2.out>$io.out", "$io.in2>gain#1.in", "gain#1.out>$io.out2"]
            )
        )
        let flat = try ChainFlattener(library: .test).flatten(link)
        #expect(flat.modules.map(\.id.rawValue) == ["group#1.gain#2", "group#1.gain#1"])
    }

    @Test func chainsThatContainEachOtherAreReportedAtEachReference() {
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                nodes: [ChainBuilder.group(1, "a")], edges: ["$io.in>group#1.in", "group#1.out>$io.out"]),
            ChainBuilder.chain(
                "a", nodes: [ChainBuilder.group(1, "b")], edges: ["$io.in>group#1.in", "group#1.out>$io.out"]),
            ChainBuilder.chain(
                "b", nodes: [ChainBuilder.group(1, "a")], edges: ["$io.in>group#1.in", "group#1.out>$io.out"])
        )
        let faults = ChainValidator(library: .test).validate(link)
        #expect(
            faults.map { "\($0.path) \($0.code)" } == [
                "chains.a.nodes[0].subGraphId circular_subgraph", "chains.b.nodes[0].subGraphId circular_subgraph",
            ]
        )
    }

    @Test(arguments: [(16, true), (17, false), (30_000, false)])
    func nestingIsLimitedToSixteen(depth: Int, isValid: Bool) {
        var chains: [String: ChainDefinition] = [:]
        for level in 0..<depth {
            let id = level == 0 ? "main" : "c\(level)"
            chains[id] = ChainBuilder.chain(
                id,
                nodes: [ChainBuilder.group(1, "c\(level + 1)")],
                edges: ["$io.in>group#1.in", "group#1.out>$io.out"]
            )
        }
        chains["c\(depth)"] = ChainBuilder.chain(
            "c\(depth)",
            nodes: [ChainBuilder.gain(1)],
            edges: ["$io.in>gain#1.in", "gain#1.out>$io.out"]
        )
        let link = LinkConfig(
            rootChainId: "main",
            global: GlobalSettings(channels: 2, sampleRate: 48_000, frameSize: 240),
            chains: chains
        )
        let faults = ChainValidator(library: .test).validate(link)
        #expect(
            faults.map { "\($0.path) \($0.code)" }
                == (isValid ? [] : ["chains.c16.nodes[0].subGraphId nested_too_deep"])
        )
    }

    @Test func modulesAreCountedWithSubGraphsExpanded() {
        // 4 levels of 4 sub-graphs each: 256 modules from a file with 4.
        let levels = ["main", "a", "b", "c"]
        var chains: [String: ChainDefinition] = [:]
        for (index, id) in levels.enumerated() {
            let isLast = index == levels.count - 1
            let names = (1...4).map { isLast ? "gain#\($0)" : "group#\($0)" }
            chains[id] = ChainBuilder.chain(
                id,
                nodes: (1...4).map { isLast ? ChainBuilder.gain($0) : ChainBuilder.group($0, levels[index + 1]) },
                edges: zip(["$io.in"] + names.map { "\($0).out" }, names.map { "\($0).in" } + ["$io.out"]).map {
                    "\($0)>\($1)"
                }
            )
        }
        var link = LinkConfig(
            rootChainId: "main",
            global: GlobalSettings(channels: 2, sampleRate: 48_000, frameSize: 240),
            chains: chains
        )
        #expect(ChainValidator(library: .test).validate(link).map(\.code) == ["too_many_modules"])
        link.rootChainId = "a"
        #expect(ChainValidator(library: .test).validate(link) == [])
    }

    @Test func subGraphsThatMultiplyWithoutModulesAreRefused() {
        var chains: [String: ChainDefinition] = [:]
        for level in 0...16 {
            let id = level == 0 ? "main" : "c\(level)"
            chains[id] = ChainBuilder.chain(
                id,
                ports: [],
                nodes: level == 16 ? [] : (1...10).map { ChainBuilder.group($0, "c\(level + 1)") },
                edges: []
            )
        }
        let link = LinkConfig(
            rootChainId: "main",
            global: GlobalSettings(channels: 2, sampleRate: 48_000, frameSize: 240),
            chains: chains
        )
        #expect(ChainValidator(library: .test).validate(link).map(\.code) == ["too_many_modules"])
    }

    @Test func idsThatGrowTooLongByFlatteningAreReported() {
        let long = String(repeating: "g", count: 60)
        var chains: [String: ChainDefinition] = [:]
        for level in 0...4 {
            let id = level == 0 ? "main" : "c\(level)"
            let name = level == 4 ? "gain#1" : "\(long)#1"
            let node =
                level == 4
                ? ChainBuilder.gain(1)
                : ChainNode(instanceId: name, moduleType: "subgraph", subGraphId: "c\(level + 1)")
            chains[id] = ChainBuilder.chain(id, nodes: [node], edges: ["$io.in>\(name).in", "\(name).out>$io.out"])
        }
        let link = LinkConfig(
            rootChainId: "main",
            global: GlobalSettings(channels: 2, sampleRate: 48_000, frameSize: 240),
            chains: chains
        )
        let faults = ChainValidator(library: .test).validate(link)
        // 4 x 63 bytes and 6 of gain#1: 258.
        #expect(faults.map { "\($0.path) \($0.code)" } == ["chains.c4.nodes[0].instanceId bad_id"])
        #expect(faults.first?.message.contains("258") == true)
    }
}
