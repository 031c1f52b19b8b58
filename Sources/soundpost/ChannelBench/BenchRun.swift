import Foundation
import SoundpostChannels

/// Opens the two ends of a case and measures between them.
struct BenchRun {
    let measured: BenchCase
    /// Most of each of the two measurements.
    let seconds: Double
    /// Where the sockets are.
    let folder: String

    private static let name = "bench"
    private var place: SocketPlace { SocketPlace(directory: folder) }

    // MARK: Initiator

    func initiate() throws -> BenchFigures {
        let processors = try ProcessorSet()
        if measured.wait == .spin {
            guard processors.count > 1 else { throw CommandFailure("spinning needs two processors; there is one") }
        }
        defer { try? processors.apply() }
        watch()
        defer { alarm(0) }
        switch measured.kind {
        case .thread: return try betweenThreads(processors)
        case .stdio: return try overPipes()
        case .local, .shm: return try betweenProcesses(processors)
        }
    }

    private func betweenProcesses(_ processors: ProcessorSet) throws -> BenchFigures {
        switch (measured.kind, measured.encoding) {
        case (.shm, .raw):
            let server = try memoryServer(.raw)
            let responder = try BenchResponder(measured, in: folder, seconds: seconds)
            try pin(processors, last: false)
            return try figures(RingEnd(try server.acceptRings(timeout: .seconds(10))), responder)
        case (.shm, .json):
            let server = try memoryServer(.json)
            let responder = try BenchResponder(measured, in: folder, seconds: seconds)
            try pin(processors, last: false)
            return try figures(over: try server.accept(timeout: .seconds(10)), responder)
        default:
            let server = try LocalSocketServer(Self.name, in: place)
            let responder = try BenchResponder(measured, in: folder, seconds: seconds)
            try pin(processors, last: false)
            return try figures(over: try server.accept(timeout: .seconds(10)), responder)
        }
    }

    private func memoryServer(_ codec: RecordCodec) throws -> SharedMemoryServer {
        try SharedMemoryServer(
            Self.name, ringBytes: measured.ringBytes, codec: codec, wait: measured.strategy, in: place)
    }

    private func overPipes() throws -> BenchFigures {
        signal(SIGPIPE, SIG_IGN)
        let (there, back) = (Pipe(), Pipe())
        let responder = try BenchResponder(
            measured, in: folder, seconds: seconds, input: there.fileHandleForReading.fileDescriptor,
            output: back.fileHandleForWriting.fileDescriptor)
        try there.fileHandleForReading.close()
        try back.fileHandleForWriting.close()
        // The channel closes what it is given.
        let channel = try Channel.lines(
            Self.name, reading: dup(back.fileHandleForReading.fileDescriptor),
            writing: dup(there.fileHandleForWriting.fileDescriptor))
        try back.fileHandleForReading.close()
        try there.fileHandleForWriting.close()
        return try figures(over: channel, responder)
    }

    private func betweenThreads(_ processors: ProcessorSet) throws -> BenchFigures {
        let (here, there) = try Channel.pair(Self.name)
        let responder = Thread { [self] in
            do {
                try pin(processors, last: true)
                try respond(over: there)
            } catch {
                Terminal.note("\(error)")
                // The initiator then ends too.
                there.close()
            }
        }
        responder.start()
        try pin(processors, last: false)
        return try figures(over: here, nil)
    }

    private func figures(over channel: Channel, _ responder: BenchResponder?) throws -> BenchFigures {
        switch measured.encoding {
        case .raw: try figures(EncodedEnd(channel, polls: measured.polls), responder)
        case .json: try figures(MessageEnd(channel, polls: measured.polls), responder)
        }
    }

    private func figures(_ end: some BenchEnd, _ responder: BenchResponder?) throws -> BenchFigures {
        let exchange = BenchExchange(end: end, size: measured.size, isOneProcess: responder == nil)
        let figures = try exchange.initiate(seconds: seconds)
        try responder?.wait()
        return figures
    }

    // MARK: Responder

    func respond() throws {
        watch()
        try pin(try ProcessorSet(), last: true)
        switch (measured.kind, measured.encoding) {
        case (.shm, .raw):
            let connection = try RingConnection.connect(
                Self.name, codec: .raw, wait: measured.strategy, in: place)
            try respond(RingEnd(connection))
        case (.shm, .json):
            try respond(over: try .connectSharedMemory(Self.name, wait: measured.strategy, in: place))
        case (.stdio, _): try respond(over: try .standardInputAndOutput())
        case (.local, _), (.thread, _): try respond(over: try .connectLocalSocket(Self.name, in: place))
        }
    }

    private func respond(over channel: Channel) throws {
        switch measured.encoding {
        case .raw: try respond(EncodedEnd(channel, polls: measured.polls))
        case .json: try respond(MessageEnd(channel, polls: measured.polls))
        }
    }

    private func respond(_ end: some BenchEnd) throws {
        try BenchExchange(end: end, size: measured.size, isOneProcess: false).respond()
    }

    // MARK: Both

    private func pin(_ processors: ProcessorSet, last: Bool) throws {
        guard measured.wait == .spin else { return }
        try processors.only(last: last).apply()
    }

    /// No run may hang: the two phases, their warm-up, and as much again; then the kernel ends the process.
    private func watch() {
        alarm(UInt32(4 * seconds) + 10)
    }
}
