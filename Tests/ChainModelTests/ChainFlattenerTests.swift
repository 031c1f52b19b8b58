import ChainModel
import Testing

@Suite struct ChainFlattenerTests {
    private let flattener = ChainFlattener(library: .test)

    @Test func subGraphsArePrefixedAndTheirBoundariesJoined() throws {
        let flat = try flattener.flatten(ChainValidatorTests.valid)
        #expect(flat.modules.map(\.id.rawValue) == ["gain#1", "group#1.gain#1", "group#1.gain#2", "join#1"])
        #expect(
            flat.connections.map(\.ends) == [
                "in0>m0.0", "m0.0>m1.0", "m1.0>m2.0", "m2.0>m3.0", "m0.0>m3.1", "m3.0>out0",
            ]
        )
        #expect(flat.connections.allSatisfy { $0.channels == 2 && $0.sampleRate == 48_000 })
    }

    @Test func aDisabledSubGraphDisablesEverythingInside() throws {
        var link = ChainValidatorTests.valid
        link.chains["main"]?.nodes[1].enabled = false
        #expect(try flattener.flatten(link).modules.map(\.enabled) == [true, false, false, true])
    }

    @Test func nodesThatDoNotDependOnEachOtherKeepTheirOrder() throws {
        let outputs = (1...3).map { ChainBuilder.stereo("out\($0)", .output) }
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                ports: [ChainBuilder.stereo("in", .input)] + outputs,
                nodes: [
                    ChainBuilder.gain(1, order: 2), ChainBuilder.gain(2, order: 1), ChainBuilder.gain(3, order: 1),
                ],
                edges: (1...3).flatMap { ["$io.in>gain#\($0).in", "gain#\($0).out>$io.out\($0)"] }
            )
        )
        #expect(try flattener.flatten(link).modules.map(\.id.rawValue) == ["gain#2", "gain#3", "gain#1"])
    }

    @Test func withoutBoundaryEdgesPortsAreBoundByPosition() throws {
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                ports: nil,
                nodes: [ChainBuilder.gain(2, order: 1), ChainBuilder.gain(1, order: 0)],
                edges: ["gain#1.out>gain#2.in"]
            )
        )
        let flat = try flattener.flatten(link)
        #expect(flat.modules.map(\.id.rawValue) == ["gain#1", "gain#2"])
        #expect(flat.connections.map(\.ends) == ["in0>m0.0", "m0.0>m1.0", "m1.0>out0"])
    }

    @Test func positionalBindingFollowsNodeOrderAndSkipsOptionalPorts() throws {
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                ports: [
                    ChainBuilder.wide("left", .input, 1), ChainBuilder.wide("right", .input, 4),
                    ChainBuilder.wide("a", .output, 3), ChainBuilder.wide("b", .output, 4),
                ],
                nodes: [
                    ChainNode(instanceId: "gain#1", moduleType: "channel_gain_v1", order: 9),
                    ChainNode(instanceId: "probe#1", moduleType: "test_probe_v1", order: 3),
                ],
                edges: []
            )
        )
        let flat = try flattener.flatten(link)
        #expect(flat.modules.map(\.id.rawValue) == ["probe#1", "gain#1"])
        #expect(flat.connections.map(\.ends) == ["in0>m0.0", "in1>m1.0", "m0.0>out0", "m1.0>out1"])
        #expect(flat.modules[0].inputs.map(\.channels) == [1, 2])
        #expect(flat.modules[0].outputs.map(\.channels) == [3])
    }

    @Test func subGraphsAreBoundByPositionToo() throws {
        let link = ChainBuilder.link(
            ChainBuilder.chain(ports: nil, nodes: [ChainBuilder.group(1, "sub")], edges: []),
            ChainBuilder.chain(
                "sub", nodes: [ChainBuilder.gain(1), ChainBuilder.gain(2)], edges: ["gain#1.out>gain#2.in"])
        )
        let flat = try flattener.flatten(link)
        #expect(flat.connections.map(\.ends) == ["in0>m0.0", "m0.0>m1.0", "m1.0>out0"])
    }

    @Test func passThroughSubGraphsLeaveOnlyAWire() throws {
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                nodes: [ChainBuilder.group(1, "wire"), ChainBuilder.group(2, "wire")],
                edges: ["$io.in>group#1.in", "group#1.out>group#2.in", "group#2.out>$io.out"]
            ),
            ChainBuilder.chain("wire", nodes: [], edges: ["$io.in>$io.out"])
        )
        let flat = try flattener.flatten(link)
        #expect(flat.modules.isEmpty)
        #expect(flat.connections.map(\.ends) == ["in0>out0"])
    }

    @Test func aChainUsedTwiceTakesTheChannelsOfEachPlace() throws {
        let open = [PortDescriptor(id: "in", direction: .input), PortDescriptor(id: "out", direction: .output)]
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                ports: [
                    ChainBuilder.wide("a", .input, 1), ChainBuilder.wide("b", .input, 6),
                    ChainBuilder.wide("x", .output, 1), ChainBuilder.wide("y", .output, 6),
                ],
                nodes: [ChainBuilder.group(1, "sub"), ChainBuilder.group(2, "sub")],
                edges: ["$io.a>group#1.in", "group#1.out>$io.x", "$io.b>group#2.in", "group#2.out>$io.y"]
            ),
            ChainBuilder.chain(
                "sub",
                ports: open,
                nodes: [ChainBuilder.gain(1)],
                edges: ["$io.in>gain#1.in", "gain#1.out>$io.out"]
            )
        )
        let flat = try flattener.flatten(link)
        #expect(flat.modules.map { $0.inputs[0].channels } == [1, 6])
        #expect(flat.modules.map { $0.outputs[0].channels } == [1, 6])
    }

    @Test func flatteningAgainGivesTheSameChain() throws {
        var generator = RandomChain(seed: 7, library: .test)
        let links = (0..<20).map { _ in generator.link() }
        let first = try links.map { try flattener.flatten($0) }
        let second = try links.reversed().map { try flattener.flatten($0) }
        #expect(first == second.reversed())
    }

    @Test(arguments: UInt64(0)..<150)
    func randomChainsAreValidAndFlattenInOrder(seed: UInt64) throws {
        var generator = RandomChain(seed: seed, library: .test)
        let link = generator.link()
        #expect(ChainValidator(library: .test).validate(link) == [])
        let flat = try flattener.flatten(link)
        #expect(Set(flat.modules.map(\.id)).count == flat.modules.count)
        var fed: Set<FlatEndpoint> = []
        for connection in flat.connections {
            #expect(fed.insert(connection.to).inserted)
            #expect(connection.channels == flat.channels(ofStart: connection.from))
            #expect(connection.channels == flat.channels(ofEnd: connection.to))
            if case .module(let from, _) = connection.from, case .module(let to, _) = connection.to {
                #expect(from < to)
            }
        }
        #expect(flat.externalOutputs.indices.allSatisfy { fed.contains(.external(port: $0)) })
    }
}

extension FlatConnection {
    /// `in0>m0.0`, `m0.0>m1.1`, `m1.0>out0`
    var ends: String {
        let start =
            switch from {
            case .external(let port): "in\(port)"
            case .module(let index, let port): "m\(index).\(port)"
            }
        let end =
            switch to {
            case .external(let port): "out\(port)"
            case .module(let index, let port): "m\(index).\(port)"
            }
        return "\(start)>\(end)"
    }
}

extension FlattenedChain {
    func channels(ofStart endpoint: FlatEndpoint) -> Int {
        switch endpoint {
        case .external(let port): externalInputs[port].channels
        case .module(let index, let port): modules[index].outputs[port].channels
        }
    }

    func channels(ofEnd endpoint: FlatEndpoint) -> Int {
        switch endpoint {
        case .external(let port): externalOutputs[port].channels
        case .module(let index, let port): modules[index].inputs[port].channels
        }
    }
}
