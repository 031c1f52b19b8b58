import ChainModel
import Foundation
import Testing
import WireFormats

/// Documents from outside that nobody meant: whatever they hold, the answer is a chain or a list of faults.
@Suite struct GarbageTests {
    @Test(arguments: UInt64(0)..<20)
    func damagedDocumentsGiveAChainOrFaults(seed: UInt64) throws {
        var generator = RandomChain(seed: seed, library: .test)
        let original = try generator.link().encoded()
        var random = SeededGenerator(seed: seed &* 31 &+ 1)
        let flattener = ChainFlattener(library: .test)
        for _ in 0..<25 {
            var value = try JSONDecoder().decode(JSONValue.self, from: original)
            for _ in 0..<Int.random(in: 1...4, using: &random) { value = damaged(value, &random) }
            do {
                let chain = try flattener.flatten(LinkConfig(json: value))
                #expect(throws: Never.self) { try LinkFrame.encode(chain, version: .v4) }
                #expect(throws: Never.self) { try ExecutionPlan(chain: chain, coreCount: 2, assignment: [:]) }
            } catch let faults as ChainFaults {
                #expect(!faults.faults.isEmpty)
            }
        }
    }

    @Test(arguments: UInt64(0)..<20)
    func damagedTextGivesAChainFileOrFaults(seed: UInt64) throws {
        var generator = RandomChain(seed: seed, library: .test)
        let original = Array(try generator.link().encoded())
        var random = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                _ = ChainValidator(library: .test).validate(try LinkConfig.decode(Data(bytes)))
            } catch {
                #expect(!error.faults.isEmpty)
            }
        }
    }

    /// Replaces, removes or moves one random value somewhere in the document.
    private func damaged(_ value: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
        if random.chance(0.12) { return anything(&random) }
        switch value {
        case .array(var elements) where !elements.isEmpty:
            let index = Int.random(in: elements.indices, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            case 2: elements.swapAt(index, Int.random(in: elements.indices, using: &random))
            default: elements[index] = damaged(elements[index], &random)
            }
            return .array(elements)
        case .object(var members) where !members.isEmpty:
            let keys = members.keys.sorted()
            guard let key = keys.randomElement(using: &random) else { return value }
            if random.chance(0.05) {
                members[key] = nil
            } else if random.chance(0.05) {
                members[keys.randomElement(using: &random) ?? key] = members[key]
            } else {
                members[key] = members[key].map { damaged($0, &random) }
            }
            return .object(members)
        case .string(let text): return .string(random.chance(0.5) ? String(text.dropLast()) : text + "1")
        case .integer(let number): return .integer(number &+ Int64.random(in: -3...3, using: &random))
        default: return anything(&random)
        }
    }

    private func anything(_ random: inout SeededGenerator) -> JSONValue {
        let choices: [JSONValue] = [
            .null, .bool(true), .integer(.max), .integer(.min), .unsigned(.max), .number(1e308), .number(-0.5),
            .string(""),
            .string("$io"), .string("subgraph"), .string("main"), .string("gain#1"), .array([]), .object([:]),
            .integer(0),
            .integer(64), .integer(-1), .string(String(repeating: "x", count: 300)),
        ]
        return choices[Int.random(in: choices.indices, using: &random)]
    }
}
