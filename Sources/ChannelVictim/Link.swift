#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import SoundpostChannels

/// One end of a connection of either kind.
enum Link {
    case rings(RingConnection)
    case socket(Channel)

    struct Damaged: Error {}

    /// Writes record `number`; waits for room.
    func write(_ number: Int, _ length: Int) throws {
        switch self {
        case .rings(let connection):
            let loan = try connection.loan(length)
            Content.fill(loan.bytes, number)
            loan.publish()
        case .socket(let channel):
            try channel.send(Content.message(number, length))
        }
    }

    /// Waits for the next record, which has to be number `number` and whole. False at the end.
    func read(_ number: Int, _ length: Int, timeout: Duration? = nil) throws -> Bool {
        switch self {
        case .rings(let connection):
            guard let record = try connection.borrow(timeout: timeout) else { return false }
            guard Content.isWhole(record.bytes, number, length) else { throw Damaged() }
        case .socket(let channel):
            do {
                let message = try channel.receive(timeout: timeout)
                guard message == Content.message(number, length) else { throw Damaged() }
            } catch let error as ChannelError where error.code == .disconnected {
                return false
            }
        }
        return true
    }

    func close() {
        switch self {
        case .rings(let connection): connection.close()
        case .socket(let channel): channel.close()
        }
    }
}

/// A server of either kind.
enum Host {
    case rings(SharedMemoryServer)
    case socket(LocalSocketServer)

    init(_ scene: Scene, isVictim: Bool, in place: SocketPlace) throws {
        let name = scene.name(isVictim: isVictim)
        self =
            switch scene.kind {
            case .rings: .rings(try SharedMemoryServer(name, ringBytes: Scene.ringBytes, codec: .raw, in: place))
            case .socket: .socket(try LocalSocketServer(name, in: place))
            }
    }

    func accept(timeout: Duration? = nil) throws -> Link {
        switch self {
        case .rings(let server): .rings(try server.acceptRings(timeout: timeout))
        case .socket(let server): .socket(try server.accept(timeout: timeout))
        }
    }

    func close() {
        switch self {
        case .rings(let server): server.close()
        case .socket(let server): server.close()
        }
    }
}

extension Link {
    /// Connects to the other side's server.
    static func connect(_ scene: Scene, isVictim: Bool, in place: SocketPlace) throws -> Link {
        let name = scene.name(isVictim: !isVictim)
        return switch scene.kind {
        case .rings: .rings(try RingConnection.connect(name, codec: .raw, in: place))
        case .socket: .socket(try Channel.connectLocalSocket(name, in: place))
        }
    }
}
