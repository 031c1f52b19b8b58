import CDynamicChain
import DynamicChain
import Testing

@Suite struct ModuleRegistryTests {
    private let modules = ModuleRegistry().modules

    @Test func theBuiltInModulesHaveTheirNumbers() {
        let expected: [String: UInt32] = [
            "channel_gain_v1": 0x1667_3001, "ut_delay_20ch_v1": 0x1667_2001, "common_eq_v1": 0x1667_6001,
            "matrix_mixer_v1": 0x1667_4001, "limiter_v1": 0x1667_8001, "generator_v1": 0x1667_1101,
            "level_meter_v1": 0x1667_1201,
        ]
        #expect(Dictionary(uniqueKeysWithValues: modules.map { ($0.typeName, $0.typeID) }) == expected)
    }

    @Test func everyModuleHasEnableFirst() {
        for module in modules {
            #expect(module.parameters.first?.name == "enable")
            #expect(module.parameters.first?.typeID == 0)
            #expect(Set(module.parameters.map(\.typeID)).count == module.parameters.count)
            #expect(Set(module.parameters.map(\.name)).count == module.parameters.count)
        }
    }

    @Test func portsAndParametersAreThoseOfTheReference() throws {
        let gain = try #require(modules.first { $0.instanceName == "gain" })
        #expect(gain.ports.map(\.id) == ["in", "out"])
        #expect(gain.parameters.map(\.name) == ["enable", "gainDb", "mute", "phase", "smoothTime"])
        let gainDb = gain.parameters[1]
        #expect(gainDb.minimum == -120 && gainDb.maximum == 24 && gainDb.defaultValue == 0)
        #expect(gainDb.dimensions == ["c"] && gainDb.unit == "dB" && !gainDb.isSystem)
        #expect(gain.parameters[4].isSystem)
        let eq = try #require(modules.first { $0.instanceName == "eq" })
        #expect(eq.parameters[1].values.count == 10)
        #expect(eq.parameters[1].values.prefix(2) == ["peaking", "lowShelf"])
        #expect(eq.parameters[2].maximumIsOfRate && eq.parameters[2].maximum == 0.49)
        #expect(eq.parameters[2].extents == [0, 20])
        let mixer = try #require(modules.first { $0.instanceName == "mixer" })
        #expect(mixer.parameters[1].dimensions == ["o", "i"])
        #expect(mixer.parameters[1].defaultOffDiagonal == -120)
        #expect(mixer.ports.last?.channels == Int(DYNCHAIN_CHANNELS_FREE))
        #expect(try #require(modules.first { $0.instanceName == "generator" }).isGenerator)
    }

    @Test func aTableThatIsThereAlreadyIsRefused() throws {
        let table = try #require(DynChain_RegistryGet(ModuleRegistry.builtIn.pointer, 0))
        let error = #expect(throws: DynChainError.self) { try ModuleRegistry(adding: [table]) }
        #expect(error?.code == .argument)
    }
}
