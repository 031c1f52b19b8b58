import AudioEngine
import Foundation
import Node
import Testing

@Suite struct EngineTests {
    @Test func startAndStopAreToldToEveryone() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let start = #"{"type":"sim_start","input":{"type":"generator"},"output":{"type":"none"}}"#
            let answer = try await bed.ask(alice, start)
            #expect(answer.type == "sim_status")
            #expect(answer["running"] == true)
            #expect(answer["status"] == "running")
            #expect(
                bob.messages.map(\.type) == ["sim_status", "audio_engine_started", "dsp_status", "transport_status"])
            #expect(bob.messages[1]["deviceName"] == "none")
            #expect(bob.messages[2]["simRunning"] == true)
            #expect(alice.messages(ofType: "audio_engine_started").count == 1)
            #expect(await bed.node.status()?.simRunning == true)

            bob.clear()
            let stop = try await bed.ask(alice, #"{"type":"sim_stop"}"#)
            #expect(stop["running"] == false)
            #expect(stop["status"] == "stopped")
            #expect(
                bob.messages.map(\.type) == ["sim_status", "audio_engine_stopped", "dsp_status", "transport_status"])
            #expect(await bed.node.status()?.simRunning == false)
        }
    }

    @Test func stoppingAStoppedSimulationTellsNobody() async throws {
        try await TestBed.run { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            try await #expect(bed.ask(alice, #"{"type":"sim_stop"}"#)["running"] == false)
            #expect(bob.messages.isEmpty)
        }
    }

    @Test func withoutEndsTheConfiguredOnesAreUsed() async throws {
        try await TestBed.run { bed in
            try await #expect(bed.ask(await bed.client(), #"{"type":"sim_start"}"#)["running"] == true)
        }
    }

    @Test func theSimulationRunsFromTheStartWhenConfigured() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let client = RecordingClient("alice")
            await bed.node.connect(client)
            #expect(client.messages.first?["simRunning"] == true)
        }
    }

    @Test func aRefusalDoesNotSayWhereTheNodeKeepsItsFiles() async throws {
        try await TestBed.run { bed in
            let audio = bed.directory.appending(path: "audio", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: audio, withIntermediateDirectories: true)
            try Data("no audio".utf8).write(to: audio.appending(path: "text.wav"))
            let answer = try await bed.ask(
                await bed.client(), #"{"type":"sim_start","input":{"type":"file","path":"text.wav"}}"#)
            #expect(answer["code"] == "engine_failed")
            #expect(answer["message"]?.contains("text.wav") == true)
            #expect(answer["message"]?.contains("/") == false)
        }
    }

    @Test func aSourceThatCannotBeOpenedLeavesANodeWithoutSound() async throws {
        try await TestBed.run(source: .file(path: "/nonexistent/x.wav", loops: true), startSimulation: true) { bed in
            #expect(await bed.node.status()?.simRunning == false)
            let answer = try await bed.ask(await bed.client(), #"{"type":"sim_start"}"#)
            #expect(answer.type == "error")
            #expect(answer["code"] == "engine_failed")
            #expect(answer["message"]?.contains("x.wav") == true)
        }
    }

    @Test(arguments: [
        (#""input":{"type":"file"}"#, "bad_field", "input.path"),
        (#""input":{"type":"file","path":"absent.wav"}"#, "bad_file", "input.path"),
        (#""input":{"type":"file","path":"../parameters.json"}"#, "bad_file", "input.path"),
        (#""input":{"type":"file","path":"/etc/passwd"}"#, "bad_file", "input.path"),
        (#""input":{"type":"file","path":".."}"#, "bad_file", "input.path"),
        (#""input":{"type":"file","path":"link.wav"}"#, "bad_file", "input.path"),
        (#""input":{"type":"file","path":"folder"}"#, "bad_file", "input.path"),
        (#""output":{"type":"file","path":"../current_link.json"}"#, "bad_file", "output.path"),
        (#""output":{"type":"file","path":"link.wav"}"#, "bad_file", "output.path"),
        (#""output":{"type":"file","path":"folder"}"#, "bad_file", "output.path"),
        (#""output":{"type":"file","path":".hidden.wav"}"#, "bad_file", "output.path"),
    ])
    func endsThatAreNotAllowedAreRefused(_ fields: String, _ code: String, _ field: String) async throws {
        try await TestBed.run(prepare: { bed in
            let audio = bed.directory.appending(path: "audio")
            try FileManager.default.createDirectory(
                at: audio.appending(path: "folder"),
                withIntermediateDirectories: true
            )
            try FileManager.default.createSymbolicLink(
                atPath: audio.appending(path: "link.wav").path,
                withDestinationPath: "/etc/hostname"
            )
        }) { bed in
            let answer = try await bed.ask(await bed.client(), #"{"type":"sim_start",\#(fields)}"#)
            #expect(answer.type == "error")
            #expect(answer["code"] == code)
            #expect(answer["field"] == field)
            #expect(await bed.node.status()?.simRunning == false)
        }
    }

    @Test func aFileThatIsNoAudioIsNamed() async throws {
        try await TestBed.run(prepare: { bed in
            let audio = bed.directory.appending(path: "audio")
            try FileManager.default.createDirectory(at: audio, withIntermediateDirectories: true)
            try Data("no sound".utf8).write(to: audio.appending(path: "text.wav"))
        }) { bed in
            let start = #"{"type":"sim_start","input":{"type":"file","path":"text.wav"},"output":{"type":"none"}}"#
            let answer = try await bed.ask(await bed.client(), start)
            #expect(answer["code"] == "engine_failed")
            #expect(answer["message"]?.contains("text.wav") == true)
        }
    }

    @Test func aStartThatFailsLeavesTheSoundAsItWas() async throws {
        try await TestBed.run(
            source: .silence,
            startSimulation: true,
            prepare: { bed in
                let audio = bed.directory.appending(path: "audio")
                try FileManager.default.createDirectory(at: audio, withIntermediateDirectories: true)
                try Data("no sound".utf8).write(to: audio.appending(path: "text.wav"))
            }
        ) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let start = #"{"type":"sim_start","input":{"type":"file","path":"text.wav"}}"#
            try await #expect(bed.ask(alice, start).type == "error")
            #expect(bob.messages.isEmpty)
            #expect(await bed.node.status()?.simRunning == true)
        }
    }
}
