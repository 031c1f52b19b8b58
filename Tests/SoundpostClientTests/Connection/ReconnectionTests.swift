import Testing

@testable import SoundpostClient

@Suite struct ReconnectionTests {
    private let lost = ClientError(.connectionLost, "gone")
    private let policy = ReconnectPolicy(shortest: .milliseconds(100), longest: .seconds(1))

    @Test func delayDoublesUpToTheLongest() {
        var reconnection = Reconnection(policy: policy)
        var delays: [Duration] = []
        for _ in 0..<6 {
            guard case .wait(let delay) = reconnection.lost(because: lost, spread: 0) else { break }
            delays.append(delay)
            reconnection.waited()
        }
        #expect(delays == [100, 200, 400, 800, 1000, 1000].map { .milliseconds($0) })
    }

    @Test func spreadShortensByUpToAHalf() {
        #expect(policy.delay(before: 1, spread: 1) == .milliseconds(50))
        #expect(policy.delay(before: 3, spread: 0.5) == .milliseconds(300))
        #expect(policy.delay(before: .max, spread: 0) == .seconds(1))
    }

    @Test func successBeginsWithTheShortestDelayAgain() {
        var reconnection = Reconnection(policy: policy)
        _ = reconnection.lost(because: lost, spread: 0)
        _ = reconnection.lost(because: lost, spread: 0)
        reconnection.waited()
        reconnection.connected()
        #expect(reconnection.lost(because: lost, spread: 0) == .wait(.milliseconds(100)))
    }

    @Test func statesFollowWhatHappens() {
        var reconnection = Reconnection(policy: policy)
        #expect(name(reconnection.state) == "connected")
        _ = reconnection.lost(because: lost, spread: 0)
        #expect(name(reconnection.state) == "waiting")
        reconnection.waited()
        #expect(name(reconnection.state) == "connecting")
        reconnection.connected()
        #expect(name(reconnection.state) == "connected")
    }

    @Test(arguments: [ClientError.Code.refused, .untrusted, .closed, .badTrustRoots])
    func whatTryingCannotHelpEndsTheClient(_ code: ClientError.Code) {
        var reconnection = Reconnection(policy: policy)
        #expect(reconnection.lost(because: ClientError(code, "no"), spread: 0) == .stop)
        #expect(reconnection.isClosed)
        #expect(name(reconnection.state) == "closed because no")
    }

    @Test func withoutAPolicyTheFirstLossEndsTheClient() {
        var reconnection = Reconnection(policy: nil)
        #expect(reconnection.lost(because: lost, spread: 0) == .stop)
        #expect(name(reconnection.state) == "closed because gone")
    }

    @Test func afterClosingNothingOpensItAgain() {
        var reconnection = Reconnection(policy: policy)
        reconnection.close()
        reconnection.connected()
        reconnection.waited()
        #expect(reconnection.lost(because: lost, spread: 0) == .stop)
        #expect(name(reconnection.state) == "closed")
    }

    private func name(_ state: ConnectionState) -> String {
        switch state {
        case .connected: "connected"
        case .waiting: "waiting"
        case .connecting: "connecting"
        case .closed(let cause?): "closed because \(cause)"
        case .closed(because: nil): "closed"
        }
    }
}
