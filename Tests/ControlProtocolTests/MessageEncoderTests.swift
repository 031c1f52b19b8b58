import ControlProtocol
import Testing

@Suite struct MessageEncoderTests {
    @Test func writesTypeAndRequestIdBesideTheFields() throws {
        let text = try MessageEncoder().text(Pong(timestamp: 5), requestID: .number(9))
        #expect(text == #"{"requestId":9,"timestamp":5,"type":"pong"}"#)
    }

    @Test func messageWithoutFieldsIsAnObject() throws {
        #expect(try MessageEncoder().text(SimStop()) == #"{"type":"sim_stop"}"#)
    }

    @Test func silenceAndNonsenseLevelsCanBeSent() throws {
        let module = DebugMetrics.Module(
            processTimeUs: 1,
            outputRmsDb: [-.infinity, .nan],
            outputPeakDb: [.infinity, -3],
            latencySamples: 0
        )
        #expect(module.outputRmsDb == [DebugMetrics.silenceDb, DebugMetrics.silenceDb])
        #expect(module.outputPeakDb == [-DebugMetrics.silenceDb, -3])
    }

    @Test func pathsAreNotEscaped() throws {
        #expect(try MessageEncoder().text(AudioEngineStarted(deviceName: "a/b")).contains("a/b"))
    }
}
