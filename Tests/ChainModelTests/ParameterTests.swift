import ChainModel
import Foundation
import Testing

@Suite struct ParameterKeyTests {
    @Test(arguments: [
        ("gainDb", "gainDb"), ("gainDb#0", "gainDb#0"), ("freq#0#3", "freq#0#3"), ("gainDb[7]", "gainDb#7"),
        ("freq[1][19]", "freq#1#19"), ("a_1#007", "a_1#7"), ("x#65535", "x#65535"),
    ])
    func bothFormsAreReadAndWrittenCanonically(text: String, canonical: String) throws {
        let key = try ParameterKey(parsing: text)
        #expect(key.description == canonical)
        #expect(try ParameterKey(parsing: canonical) == key)
    }

    @Test(arguments: [
        "", "#0", "1a", "a#", "a#-1", "a#x", "a#1#2#3", "a[1", "a[]", "a[1]2", "a[1][2][3]", "a#65536", "a#1[2]", "a b",
        "a.b", "gäin", "a[1]#2", "[0]", "a#999999999999999999999",
    ])
    func anythingElseIsRefused(text: String) {
        let fault = #expect(throws: ParameterFault.self) { try ParameterKey(parsing: text) }
        #expect(fault?.code == .badKey)
    }
}

@Suite struct InstanceIDTests {
    @Test(arguments: ["gain#1", "g#0", "a_B9#007", "group#1.delay#2", "a#1.b#2.c#3"])
    func idsOfTheFormAreTaken(text: String) {
        #expect(InstanceID(rawValue: text)?.rawValue == text)
    }

    @Test(arguments: [
        "", "gain", "#1", "gain#", "1gain#1", "gain#1a", "gain#1.", ".gain#1", "gain#1..gain#2", "ga in#1", "gain#1/x",
        "gäin#1", "gain#-1", "$io",
    ])
    func otherTextIsNot(text: String) {
        #expect(InstanceID(rawValue: text) == nil)
    }

    @Test func lengthsAreLimited() {
        let segment = String(repeating: "a", count: 62) + "#1"
        #expect(InstanceID(rawValue: segment) != nil)
        #expect(InstanceID(rawValue: "a" + segment) == nil)
        #expect(InstanceID(rawValue: [segment, segment, segment].joined(separator: ".")) != nil)
        #expect(InstanceID(rawValue: [segment, segment, segment, segment].joined(separator: ".")) == nil)
    }
}

@Suite struct ParameterValueTests {
    @Test func valuesAreStoredAsTheShortestTextThatReadsBackEqual() throws {
        #expect(ParameterValue.float(-3.5).storeString == "-3.5")
        #expect(ParameterValue.float(6).storeString == "6")
        #expect(ParameterValue.float(0.1).storeString == "0.1")
        #expect(ParameterValue.int(-96).storeString == "-96")
        #expect(ParameterValue.bool(true).storeString == "true")
        let schema = ParameterSchema(
            name: "x",
            paramTypeId: 1,
            dataType: .float,
            minValue: -.greatestFiniteMagnitude,
            maxValue: .greatestFiniteMagnitude,
            defaultValue: .float(0)
        )
        var random = SeededGenerator(seed: 1)
        for _ in 0..<3000 {
            let value = Float(bitPattern: UInt32.random(in: .min ... .max, using: &random))
            guard value.isFinite else { continue }
            let text = ParameterValue.float(value).storeString
            #expect(try schema.value(from: .string(text), sampleRate: 48_000) == .float(value))
        }
    }

    @Test func bytesAreThoseOfTheLibrary() {
        #expect(ParameterValue.float(1.5).bytes == [0, 0, 0xC0, 0x3F])
        #expect(ParameterValue.int(-2).bytes == [0xFE, 0xFF, 0xFF, 0xFF])
        #expect(ParameterValue.bool(true).bytes == [1])
    }
}

@Suite struct ParameterResolverTests {
    private let resolver: ParameterResolver

    init() throws {
        let link = ChainBuilder.link(
            ChainBuilder.chain(
                nodes: [
                    ChainBuilder.gain(1), ChainBuilder.node("delay#1", "ut_delay_20ch_v1"),
                    ChainBuilder.node("eq#1", "common_eq_v1"),
                    ChainBuilder.node(
                        "mixer#1",
                        "matrix_mixer_v1",
                        ports: [
                            PortDescriptor(id: "in", direction: .input), PortDescriptor(id: "out", direction: .output),
                        ]
                    ),
                ],
                edges: [
                    "$io.in>gain#1.in", "gain#1.out>delay#1.in", "delay#1.out>eq#1.in", "eq#1.out>mixer#1.in",
                    "mixer#1.out>$io.out",
                ]
            )
        )
        resolver = ParameterResolver(chain: try ChainFlattener().flatten(link))
    }

    @Test func valuesBecomeNumbersForTheLibrary() throws {
        let gain = try resolver.resolve(instance: "gain#1", key: "gainDb[1]", input: .number(-3.5))
        #expect(gain.id.description == "gain#1.gainDb#1")
        #expect(gain.value == .float(-3.5))
        #expect(gain.address == ParameterAddress(module: 0, paramTypeId: 1, index: 1))
        let type = try resolver.resolve(instance: "eq#1", key: "type#1#19", input: .string("highShelf"))
        #expect(type.value == .int(2))
        #expect(type.storeString == "highShelf")
        #expect(type.address.index == 0x0113)
        #expect(try resolver.resolve(instance: "eq#1", key: "type#0#0", input: .number(2)).value == .int(2))
        #expect(try resolver.resolve(instance: "gain#1", key: "mute#0", input: .string("true")).value == .bool(true))
        #expect(try resolver.resolve(instance: "gain#1", key: "mute#0", input: .number(0)).value == .bool(false))
        #expect(try resolver.resolve(instance: "gain#1", key: "enable", input: .bool(false)).address.paramTypeId == 0)
        #expect(
            try resolver.resolve(instance: "delay#1", key: "delaySamples#0", input: .string("96")).value == .int(96))
    }

    @Test func delaysAreTakenInMillisecondsAndCentimetres() throws {
        let byTime = try resolver.resolve(instance: "delay#1", key: "delayMs[1]", input: .number(2.5))
        #expect(byTime.id.description == "delay#1.delaySamples#1")
        #expect(byTime.value == .int(120))
        #expect(try resolver.resolve(instance: "delay#1", key: "delayCm#0", input: .string("34.3")).value == .int(48))
        let fault = #expect(throws: ParameterFault.self) {
            try resolver.resolve(instance: "delay#1", key: "delayMs#0", input: .number(5000))
        }
        #expect(fault?.code == .outOfRange)
        #expect(fault?.parameter?.contains("delayMs#0") == true)
        #expect(throws: ParameterFault.self) {
            try resolver.resolve(instance: "gain#1", key: "delayMs#0", input: .number(1))
        }
    }

    @Test(arguments: [
        ("gain#9", "gainDb#0", ParameterInput.number(0), ParameterFault.Code.unknownInstance),
        ("nonsense", "gainDb#0", .number(0), .unknownInstance),
        ("gain#1", "gain", .number(0), .unknownParameter),
        ("gain#1", "gainDb", .number(0), .badIndex),
        ("gain#1", "gainDb#2", .number(0), .badIndex),
        ("gain#1", "gainDb#0#0", .number(0), .badIndex),
        ("gain#1", "enable#0", .bool(true), .badIndex),
        ("eq#1", "freq#0#20", .number(100), .badIndex),
        ("mixer#1", "gainDb#2#0", .number(0), .badIndex),
        ("gain#1", "gainDb#x", .number(0), .badKey),
        ("gain#1", "gainDb#0", .number(24.5), .outOfRange),
        ("gain#1", "gainDb#0", .number(-120.5), .outOfRange),
        ("gain#1", "gainDb#0", .number(1e300), .outOfRange),
        ("gain#1", "gainDb#0", .number(.infinity), .notFinite),
        ("gain#1", "gainDb#0", .number(.nan), .notFinite),
        ("gain#1", "gainDb#0", .string("nan"), .badType),
        ("gain#1", "gainDb#0", .string("0x10"), .badType),
        ("gain#1", "gainDb#0", .string("loud"), .badType),
        ("gain#1", "gainDb#0", .bool(true), .badType),
        ("gain#1", "mute#0", .number(2), .badType),
        ("gain#1", "mute#0", .string("yes"), .badType),
        ("delay#1", "delaySamples#0", .number(1.5), .badType),
        ("delay#1", "delaySamples#0", .number(96_001), .outOfRange),
        ("delay#1", "delaySamples#0", .number(-1), .outOfRange),
        ("eq#1", "type#0#0", .string("wobble"), .outOfRange),
        ("eq#1", "type#0#0", .number(10), .outOfRange),
        ("eq#1", "type#0#0", .number(-1), .outOfRange),
        ("eq#1", "type#0#0", .bool(true), .badType),
        ("eq#1", "freq#0#0", .number(23_600), .outOfRange),
        ("eq#1", "q#0#0", .number(0), .outOfRange),
    ])
    func whatIsWrongIsNamed(instance: String, key: String, input: ParameterInput, code: ParameterFault.Code) {
        let fault = #expect(throws: ParameterFault.self) {
            try resolver.resolve(instance: instance, key: key, input: input)
        }
        #expect(fault?.code == code)
        #expect(fault?.description.hasPrefix(instance) == true)
    }

    @Test func aMessageSaysWhatWouldBeRight() {
        let fault = #expect(throws: ParameterFault.self) {
            try resolver.resolve(instance: "gain#1", key: "gainDb#1", input: .number(30))
        }
        #expect(fault?.description == "gain#1 gainDb#1: 30 is out of range; -120…24 dB is possible.")
    }

    @Test func theUpperLimitOfAFrequencyFollowsTheSampleRate() throws {
        #expect(throws: Never.self) { try resolver.resolve(instance: "eq#1", key: "freq#0#0", input: .number(23_520)) }
        var chain = resolver.chain
        chain.sampleRate = 8000
        let slow = ParameterResolver(chain: chain)
        #expect(throws: ParameterFault.self) {
            try slow.resolve(instance: "eq#1", key: "freq#0#0", input: .number(3921))
        }
    }

    @Test func systemParametersAreToldApart() throws {
        let enable = try resolver.resolve(instance: "gain#1", key: "enable", input: .bool(true))
        let fault = #expect(throws: ParameterFault.self) { try enable.requireTunable() }
        #expect(fault?.code == .systemParameter)
        #expect(throws: Never.self) {
            try resolver.resolve(instance: "gain#1", key: "gainDb#0", input: .number(0)).requireTunable()
        }
    }

    @Test func aTypedValueIsCheckedToo() throws {
        let id = ParameterID(instance: resolver.chain.modules[0].id, key: ParameterKey(name: "gainDb", indices: [0]))
        #expect(try resolver.resolve(id, value: .float(-6)).value == .float(-6))
        #expect(throws: ParameterFault.self) { try resolver.resolve(id, value: .float(.nan)) }
        #expect(throws: ParameterFault.self) { try resolver.resolve(id, value: .bool(true)) }
        #expect(try resolver.address(of: id).paramTypeId == 1)
        #expect(try resolver.schema(of: id).name == "gainDb")
    }

    @Test func everyElementHasADefaultThatItsSchemaTakes() throws {
        for module in resolver.chain.modules {
            #expect(module.defaultParameters.first?.id.key.name == "enable")
            for (id, value) in module.defaultParameters where try resolver.schema(of: id).dataType != .floatArray {
                #expect(try resolver.resolve(id, value: value).value == value)
            }
        }
        let mixer = try #require(resolver.chain.modules.first { $0.id.rawValue == "mixer#1" })
        let gains = mixer.defaultParameters.filter { $0.id.key.name == "gainDb" }
        #expect(gains.map(\.value) == [.float(0), .float(-120), .float(-120), .float(0)])
    }
}

@Suite struct ParameterFileTests {
    private let chain: FlattenedChain

    init() throws {
        let link = ChainBuilder.link(ChainBuilder.chain(ports: nil, nodes: [ChainBuilder.gain(1)], edges: []))
        chain = try ChainFlattener().flatten(link)
    }

    @Test func aFileOfValuesIsReadAndChecked() throws {
        let text = #"{"gain#1":{"gainDb#0":-3.5,"gainDb[1]":2,"mute#1":true,"enable":"false"}}"#
        let values = try ParameterFile.decode(.init(text.utf8)).resolve(in: ParameterResolver(chain: chain))
        #expect(
            values.map { "\($0.key)=\($0.value.storeString)" }.sorted() == [
                "gain#1.enable=false", "gain#1.gainDb#0=-3.5", "gain#1.gainDb#1=2", "gain#1.mute#1=true",
            ]
        )
    }

    @Test func allFaultsAreNamedWithTheirPaths() throws {
        let text = #"{"gain#1":{"gainDb#0":[1],"mute#0":null},"gain#2":3}"#
        let faults = #expect(throws: ChainFaults.self) { try ParameterFile.decode(.init(text.utf8)) }
        #expect(faults?.faults.map(\.path) == ["gain#1.gainDb#0", "gain#1.mute#0", "gain#2"])
        let wrong = #"{"gain#1":{"gainDb#0":99,"gainDb#7":0,"gainDb#1":1,"gainDb[1]":1},"gain#2":{"enable":true}}"#
        let file = try ParameterFile.decode(.init(wrong.utf8))
        let refused = #expect(throws: ChainFaults.self) { try file.resolve(in: ParameterResolver(chain: chain)) }
        #expect(
            refused?.faults.map { "\($0.path) \($0.code)" } == [
                "gain#1.gainDb#0 out_of_range", "gain#1.gainDb#7 bad_index", "gain#1.gainDb[1] duplicate_id",
                "gain#2.enable unknown_instance",
            ]
        )
    }

    @Test(arguments: ["[]", "3", "", "{", #"{"a":"# + String(repeating: "[", count: 40)])
    func whatIsNoFileOfValuesIsRefused(text: String) {
        #expect(throws: ChainFaults.self) { try ParameterFile.decode(.init(text.utf8)) }
    }
}
