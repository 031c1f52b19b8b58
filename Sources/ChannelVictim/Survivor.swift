#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import SoundpostChannels

/// The other side of every victim, one after another, in one process that lives on.
///
/// For each line `KIND ROLE OPERATION` it meets the victim, says `met`, does the opposite operations until the victim
/// is gone, and says `end NANOSECONDS RECORDS REASON`: when it learned that on the monotonic clock, how many records
/// had come, and `ok`, `none` if nobody came, or what was wrong. `go` lets it do what the victim waits for; `stop` says
/// that nobody comes any more.
final class Survivor {
    private let place: SocketPlace
    private let lines = Lines()
    private let ringHost: Host
    private let socketHost: Host

    init(_ place: SocketPlace) throws {
        self.place = place
        guard let rings = Scene("rings client meet".split(separator: " ")),
            let socket = Scene("socket client meet".split(separator: " "))
        else { preconditionFailure("these are scenes") }
        ringHost = try Host(rings, isVictim: false, in: place)
        socketHost = try Host(socket, isVictim: false, in: place)
    }

    func run() {
        lines.say("ready")
        while let line = lines.next() {
            // A `stop` or `go` of a round that has ended meanwhile is no scene.
            guard let scene = Scene(line.split(separator: " ")) else { continue }
            var count = 0
            var reason = "ok"
            do {
                if let link = try meet(scene) {
                    lines.say("met")
                    try survive(scene, link, &count)
                    report(count, reason)
                    link.close()
                    continue
                }
                reason = "none"
            } catch is Link.Damaged {
                reason = "record \(count) is damaged"
            } catch {
                reason = "\(error)"
            }
            report(count, reason)
        }
    }

    private func report(_ count: Int, _ reason: String) {
        let now = Lines.clock()
        lines.say("end \(now) \(count) \(reason)")
    }

    /// Nil when nobody came until `stop`.
    private func meet(_ scene: Scene) throws -> Link? {
        var isStopped = false
        while true {
            if !isStopped, lines.nextIfThere() == "stop" { isStopped = true }
            do {
                if scene.role == .server { return try Link.connect(scene, isVictim: false, in: place) }
                let host = scene.kind == .rings ? ringHost : socketHost
                return try host.accept(timeout: isStopped ? .zero : .milliseconds(5))
            } catch let error as ChannelError where error.code == .disconnected || error.code == .timeout {
                if isStopped { return nil }
                if scene.role == .server { usleep(500) }
            }
        }
    }

    private func survive(_ scene: Scene, _ link: Link, _ count: inout Int) throws {
        switch scene.operation {
        case .push, .publish, .close, .meet: try readAll(scene, link, &count)
        case .borrow, .release: try writeAll(scene, link)
        case .waitForData:
            while let line = lines.next(), line != "go" {}
            try writeAll(scene, link)
        case .waitForSpace:
            while let line = lines.next(), line != "go" {}
            try readAll(scene, link, &count)
        case .exchange: try exchange(scene, link, &count)
        }
    }

    private func readAll(_ scene: Scene, _ link: Link, _ count: inout Int) throws {
        while try link.read(count, scene.length) { count += 1 }
    }

    private func writeAll(_ scene: Scene, _ link: Link) throws {
        do {
            for number in 0... { try link.write(number, scene.length) }
        } catch let error as ChannelError where error.code == .disconnected {}
    }

    /// Asks and waits; says `stalled` while no answer comes, and `going` when one comes again.
    private func exchange(_ scene: Scene, _ link: Link, _ count: inout Int) throws {
        do {
            while true {
                try link.write(count, scene.length)
                var isStalled = false
                while true {
                    do {
                        guard try link.read(count, scene.length, timeout: .milliseconds(300)) else { return }
                        break
                    } catch let error as ChannelError where error.code == .timeout {
                        isStalled = true
                        lines.say("stalled")
                    }
                }
                if isStalled { lines.say("going") }
                count += 1
            }
        } catch let error as ChannelError where error.code == .disconnected {}
    }
}
