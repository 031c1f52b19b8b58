import ChainModel
import Foundation
import Node
import Storage
import Testing

@Suite struct PersistenceTests {
    private let set = #"{"type":"set_param","instanceId":"gain#1","paramId":"gainDb","value":-7.5}"#
    private let get = #"{"type":"get_param","instanceId":"gain#1","paramId":"gainDb"}"#

    @Test func parametersAndChainSurviveARestart() async throws {
        let first = TestBed()
        try await first.node.start()
        let client = await first.client()
        try await first.ask(client, Chains.write(Chains.gain()))
        try await first.ask(client, set)
        await first.node.stop()

        let second = TestBed(directory: first.directory)
        try await second.node.start()
        let link = await second.node.link()
        #expect(link?.chains["main"]?.nodes.map(\.instanceId) == ["gain#1"])
        try await #expect(second.ask(await second.client(), get)["value"] == "-7.5")
        await second.node.stop()
        first.remove()
    }

    @Test func aNodeCanBeStoppedAndStartedAgain() async throws {
        try await TestBed.run { bed in
            try await bed.ask(await bed.client(), set)
            await bed.node.stop()
            try await bed.node.start()
            try await #expect(bed.ask(await bed.client("bob"), get)["value"] == "-7.5")
        }
    }

    @Test func anAcknowledgedValueIsInTheJournalWithoutAStop() async throws {
        try await TestBed.run { bed in
            try await bed.ask(await bed.client(), set)
            // What another process would find if this one ended now.
            let copy = TestBed()
            defer { copy.remove() }
            try FileManager.default.copyItem(at: bed.directory, to: copy.directory)
            #expect(try Journal(directory: copy.directory, historyLimit: 10).values()["gain#1"] == ["gainDb#0": "-7.5"])
        }
    }

    @Test func valuesOfAnEarlierVersionAreTakenIntoTheJournalOnce() async throws {
        let earlier = #"{"version":1,"values":{"gain#1":{"gainDb#0":"-4"},"gone#1":{"x":"1"}}}"#
        try await TestBed.run(prepare: { bed in
            try Data(earlier.utf8).write(to: bed.file("parameters.json"))
        }) { bed in
            let client = await bed.client()
            try await #expect(bed.ask(client, get)["value"] == "-4")
            #expect(!FileManager.default.fileExists(atPath: bed.file("parameters.json").path))
            try await bed.ask(client, set)
            await bed.node.stop()
            try await bed.node.start()
            try await #expect(bed.ask(await bed.client("bob"), get)["value"] == "-7.5")
        }
    }

    @Test func anEarlierKeyInAnotherSpellingIsTheSameValue() async throws {
        let earlier = #"{"version":1,"values":{"gain#1":{"gainDb[0]":"-4"}}}"#
        try await TestBed.run(prepare: { bed in
            try Data(earlier.utf8).write(to: bed.file("parameters.json"))
        }) { bed in
            let client = await bed.client()
            try await #expect(bed.ask(client, get)["value"] == "-4")
            try await bed.ask(client, set)
            await bed.node.stop()
            #expect(try Journal(directory: bed.directory, historyLimit: 10).values()["gain#1"] == ["gainDb#0": "-7.5"])
            try await bed.node.start()
        }
    }

    @Test func theDirectoryBelongsToOneNode() async throws {
        try await TestBed.run { bed in
            let second = TestBed(directory: bed.directory)
            let error = await #expect(throws: NodeStartError.self) { try await second.node.start() }
            #expect(error?.code == .directoryInUse)
            #expect(error?.path.contains(bed.directory.lastPathComponent) == true)
            #expect(await bed.node.status() != nil)
        }
    }

    @Test(arguments: [
        ("current_link.json", "{\"version\":"), ("current_link.json", "{}"), ("current_link.json", ""),
        ("current_link.json", Chains.gain(type: "flanger_v1")),
        ("current_link.json", String(repeating: "[", count: 100_000)),
        ("parameters.json", "{"), ("parameters.json", #"{"version":9,"values":{}}"#),
        ("parameters.json", #"{"version":1,"values":{"gain#1":{"gainDb#0":1}}}"#),
        ("core_assignments.json", "[]"), ("core_assignments.json", #"{"limiter":1}"#),
    ])
    func aDamagedFileKeepsTheNodeFromStartingAndIsLeftAlone(_ name: String, _ content: String) async throws {
        let bed = TestBed()
        try FileManager.default.createDirectory(at: bed.directory, withIntermediateDirectories: true)
        let file = bed.file(name)
        try Data(content.utf8).write(to: file)
        let error = await #expect(throws: NodeStartError.self) { try await bed.node.start() }
        #expect(error?.code == .badFile)
        #expect(error?.path.hasSuffix(name) == true)
        #expect(try Data(contentsOf: file) == Data(content.utf8))
        #expect(await bed.node.status() == nil)
        try FileManager.default.removeItem(at: file)
        try await bed.node.start()
        await bed.node.stop()
        bed.remove()
    }

    @Test func startingSweepsWhatInterruptedWritesLeft() async throws {
        let orphan = ".current_link.json.0F.soundpost-tmp"
        try await TestBed.run(prepare: { bed in
            try Data("half".utf8).write(to: bed.file(orphan))
        }) { bed in
            #expect(!FileManager.default.fileExists(atPath: bed.file(orphan).path))
        }
    }

    @Test func assignmentsToCoresThatDoNotExistAreNoHindrance() async throws {
        try await TestBed.run(
            startSimulation: true,
            prepare: { bed in
                let cores = #"{"limiter#1":9,"gain#1":1,"gone#4":1}"#
                try Data(cores.utf8).write(to: bed.file("core_assignments.json"))
                try Data(Chains.gain().utf8).write(to: bed.file("current_link.json"))
            }
        ) { bed in
            #expect(await bed.node.status()?.simRunning == true)
        }
    }
}
