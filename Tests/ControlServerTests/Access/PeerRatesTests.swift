import NIOCore
import Testing

@testable import ControlServer

struct PeerRatesTests {
    private func peer(_ address: String) throws -> PeerAddress {
        PeerAddress(try SocketAddress(ipAddress: address, port: 1))
    }

    @Test func givesEachAddressItsOwnBurstAndRate() throws {
        var rates = PeerRates(perSecond: 10, burst: 3)
        let (one, other) = (try peer("127.0.0.1"), try peer("127.0.0.2"))
        let taken = (0..<5).map { _ in rates.take(one, at: .zero) }
        #expect(taken == [true, true, true, false, false])
        #expect(rates.take(other, at: .zero) == true)
        #expect(rates.take(one, at: .milliseconds(99)) == false)
        #expect(rates.take(one, at: .milliseconds(100)) == true)
        #expect(rates.wait(of: one, at: .milliseconds(100)) == .milliseconds(100))
    }

    @Test func refusedOnesCostNothing() throws {
        var rates = PeerRates(perSecond: 1, burst: 1)
        let one = try peer("10.0.0.1")
        #expect(rates.take(one, at: .zero) == true)
        for _ in 0..<1000 {
            #expect(rates.take(one, at: .zero) == false)
        }
        #expect(rates.take(one, at: .seconds(1)) == true)
    }

    @Test func stillBoundsAnAddressAfterMoreThanItRemembers() throws {
        var rates = PeerRates(perSecond: 1, burst: 1, capacity: 100)
        for number in 0..<10_000 {
            #expect(rates.take(try peer("10.0.\(number / 250).\(number % 250)"), at: .zero) == true)
        }
        let last = try peer("10.9.9.9")
        #expect(rates.take(last, at: .zero) == true)
        #expect(rates.take(last, at: .zero) == false)
    }

    @Test func aNetworkOfIPv6IsOnePeerAndMappedIPv4IsIPv4() throws {
        #expect(try peer("2001:db8::1") == peer("2001:db8::ffff:1"))
        #expect(try peer("2001:db8::1") != peer("2001:db8:0:1::1"))
        #expect(try peer("::ffff:10.0.0.1") == peer("10.0.0.1"))
        #expect(try peer("10.0.0.1") != peer("10.0.0.2"))
    }
}
