#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import SoundpostChannels

/// Makes victims, each a fork of this process: that takes a fraction of a millisecond where a start takes many. It has
/// no threads when it forks.
///
/// `warm KIND ROLE OPERATION` plays an operation here, to its end, and says `warm`: what a runtime does only once is
/// then done. `fork KIND ROLE OPERATION` plays it in a new process, which waits to be killed.
struct VictimTemplate {
    private let place: SocketPlace
    private let lines = Lines()

    init(_ place: SocketPlace) {
        self.place = place
    }

    func run() {
        // Forked victims leave no zombies.
        signal(SIGCHLD, SIG_IGN)
        lines.say("ready")
        while let line = lines.next() {
            let words = line.split(separator: " ")
            guard let scene = Scene(words.dropFirst()) else { continue }
            if words[0] == "warm" {
                do {
                    var victim = Victim(scene, place, isMarked: false)
                    try victim.play()
                    lines.say("warm")
                } catch {
                    lines.say("failed: \(error)")
                }
            } else if systemFork() == 0 {
                do {
                    var victim = Victim(scene, place, isMarked: true)
                    try victim.play()
                } catch {
                    Lines.complain("victim: \(line): \(error)")
                }
                // Somebody who did not come to an end mark says so by ending.
                exit(1)
            }
        }
    }

    /// fork(2), which Swift keeps from programs that have threads.
    private func systemFork() -> pid_t {
        typealias Fork = @convention(c) () -> pid_t
        guard let symbol = dlsym(nil, "fork") else { return -1 }
        return unsafeBitCast(symbol, to: Fork.self)()
    }
}

/// Plays one operation between two marks.
struct Victim {
    private let scene: Scene
    private let place: SocketPlace
    /// Whether somebody steps through this process, for whom the marks are.
    private let isMarked: Bool
    private var host: Host?

    init(_ scene: Scene, _ place: SocketPlace, isMarked: Bool) {
        self.scene = scene
        self.place = place
        self.isMarked = isMarked
    }

    /// A mark is a signal, which who traces this process sees and takes away. `written`: records written in full until
    /// then.
    private func begin(written: Int) {
        guard isMarked else { return }
        _ = sigqueue(getpid(), SIGUSR1, sigval(sival_int: Int32(written)))
    }

    private func end(written: Int) {
        guard isMarked else { return }
        _ = sigqueue(getpid(), SIGUSR2, sigval(sival_int: Int32(written)))
        while true { pause() }
    }

    mutating func play() throws {
        let isMeeting = scene.operation == .meet
        if isMeeting { begin(written: 0) }
        host = scene.role == .server ? try Host(scene, isVictim: true, in: place) : nil
        let link = try host?.accept() ?? Link.connect(scene, isVictim: true, in: place)
        if isMeeting { end(written: 0) }
        switch link {
        case .rings(let connection): try play(connection, link)
        case .socket(let channel): try play(channel, link)
        }
        link.close()
        host?.close()
    }

    private func play(_ connection: RingConnection, _ link: Link) throws {
        switch scene.operation {
        case .push:
            for number in 0..<3 { try link.write(number, scene.length) }
            begin(written: 3)
            let loan = try connection.loan(scene.length)
            Content.fill(loan.bytes, 3)
            loan.publish()
            end(written: 4)
        case .publish:
            for number in 0..<3 { try link.write(number, scene.length) }
            let loan = try connection.loan(scene.length)
            Content.fill(loan.bytes, 3)
            begin(written: 3)
            loan.publish()
            end(written: 4)
        case .borrow, .waitForData:
            begin(written: 0)
            let record = try connection.borrow()
            end(written: 0)
            drop(record)
        case .release:
            // The survivor learns of room by quarters of the ring.
            for number in 0..<3 { _ = try link.read(number, scene.length) }
            let record = try connection.borrow()
            begin(written: 0)
            drop(record)
            end(written: 0)
        case .waitForSpace:
            for number in 0..<16 { try link.write(number, scene.length) }
            begin(written: 16)
            try link.write(16, scene.length)
            end(written: 17)
        default: try play(link)
        }
    }

    private func drop(_ record: consuming RingConnection.Borrow?) {}

    /// Operations that are the same for both kinds, and those of a socket.
    private func play(_ channel: Channel, _ link: Link) throws {
        switch scene.operation {
        case .push:
            for number in 0..<3 { try link.write(number, scene.length) }
            let message = Content.message(3, scene.length)
            begin(written: 3)
            try channel.send(message)
            end(written: 4)
        case .borrow, .waitForData:
            begin(written: 0)
            let message = try channel.receive()
            end(written: 0)
            guard message == Content.message(0, scene.length) else { throw Link.Damaged() }
        case .waitForSpace:
            shrinkSendBuffer()
            let message = Content.message(0, scene.length)
            begin(written: 0)
            try channel.send(message)
            end(written: 1)
        default: try play(link)
        }
    }

    /// Operations that are the same for both kinds.
    private func play(_ link: Link) throws {
        switch scene.operation {
        case .close:
            for number in 0..<3 { try link.write(number, scene.length) }
            begin(written: 3)
            link.close()
            host?.close()
            end(written: 3)
        case .exchange:
            begin(written: 0)
            var number = 0
            while try link.read(number, scene.length) {
                try link.write(number, scene.length)
                number += 1
                // Played only for its own sake.
                if !isMarked, number == 3 { return }
            }
        case .meet: break
        default: throw Link.Damaged()
        }
    }

    /// Lets a connection's send buffer be as small as the system allows, so that one message fills it. The channel
    /// keeps its descriptor to itself; it is the only connected socket here.
    private func shrinkSendBuffer() {
        var address = sockaddr_un()
        for descriptor in Int32(3)..<64 {
            var length = socklen_t(MemoryLayout<sockaddr_un>.size)
            let isConnected = withUnsafeMutableBytes(of: &address) {
                getpeername(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length) == 0
            }
            guard isConnected else { continue }
            var size: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
    }
}
