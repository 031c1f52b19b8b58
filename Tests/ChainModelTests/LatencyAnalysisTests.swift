import ChainModel
import DynamicChain
import Testing

@Suite struct LatencyAnalysisTests {
    /// Two outputs, one behind a limiter, the other not.
    private func chain() throws -> FlattenedChain {
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                ports: [
                    ChainBuilder.stereo("in", .input), ChainBuilder.stereo("low", .output),
                    ChainBuilder.stereo("high", .output),
                ],
                nodes: [ChainBuilder.gain(1), ChainBuilder.node("limiter#1", "limiter_v1")],
                edges: ["$io.in>gain#1.in", "gain#1.out>limiter#1.in", "limiter#1.out>$io.low", "gain#1.out>$io.high"]
            )
        )
        return try ChainFlattener().flatten(link)
    }

    @Test func outputsThatDifferAreNamedWithTheDelayThatAlignsThem() throws {
        let analysis = LatencyAnalysis(chain: try chain(), moduleLatencies: [0, 72])
        #expect(analysis.outputLatencies == [72, 0])
        #expect(analysis.latency == 72)
        let join = try #require(analysis.unevenJoins.first)
        #expect(join.join == .outputs)
        #expect(join.branches.map(\.missing) == [0, 72])
        #expect(
            join.description
                == "The chain's outputs differ in latency, in samples: low 72, high 0. To align them, delay by "
                + "72 in the branch to high (behind gain#1)."
        )
    }

    @Test func evenBranchesAreNotMentioned() throws {
        #expect(LatencyAnalysis(chain: try chain(), moduleLatencies: [5, 0]).unevenJoins.isEmpty)
    }

    @Test func aModuleWithUnevenInputsIsNamed() throws {
        let chain = try ChainFlattener(library: .test).flatten(ChainValidatorTests.valid)
        let analysis = LatencyAnalysis(chain: chain, moduleLatencies: [0, 10, 20, 0])
        #expect(analysis.unevenJoins.map(\.join) == [.module(chain.modules[3].id)])
        #expect(analysis.unevenJoins[0].branches.map(\.latency) == [30, 0])
        #expect(analysis.latency == 30)
    }

    @Test func theLibraryTellsTheLimitersLookAhead() throws {
        let chain = try chain()
        let id = try #require(chain.modules.last).id
        let lookahead = ParameterID(instance: id, key: ParameterKey(name: "lookaheadMs"))
        for (milliseconds, samples) in [(Float(0), 0), (1.5, 72), (20, 960)] {
            let analysis = try LatencyAnalysis(
                chain: chain,
                parameters: [lookahead: .float(milliseconds)],
                registry: ModuleRegistry()
            )
            #expect(analysis.moduleLatencies == [0, samples])
        }
    }
}
