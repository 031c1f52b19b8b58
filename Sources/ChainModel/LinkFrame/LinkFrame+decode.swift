import WireFormats

extension LinkFrame {
    /// Reads DATA bytes from outside.
    ///
    /// Lengths, counts, directions, and the ports that connections name are checked; whether types are known and
    /// channels agree is for whoever builds the chain. External ports are not in the frame, so their indices pass.
    ///
    /// - Throws: What is wrong with which module, port or connection.
    public static func decode(_ data: [UInt8], version: Version) throws(LinkFrameFault) -> LinkFrame {
        var reader = Reader(bytes: ByteReader(data), version: version)
        let moduleCount = try reader.uint16("module count")
        guard moduleCount <= maximumModules else {
            throw LinkFrameFault(.badValue, "module count \(moduleCount): at most \(maximumModules) are allowed")
        }
        var modules: [Module] = []
        for index in 0..<moduleCount { modules.append(try reader.module(index)) }
        let connectionCount = try reader.uint16("connection count")
        var connections: [Connection] = []
        for index in 0..<connectionCount {
            let connection = try reader.connection(index)
            try check(connection.fromModule, connection.fromPort, .output, modules, "connection \(index), from")
            try check(connection.toModule, connection.toPort, .input, modules, "connection \(index), to")
            connections.append(connection)
        }
        guard reader.bytes.isAtEnd else {
            throw LinkFrameFault(
                .trailingBytes,
                "\(reader.bytes.remaining) bytes follow the last connection at offset \(reader.bytes.offset)"
            )
        }
        return LinkFrame(modules: modules, connections: connections)
    }

    private static func check(
        _ module: UInt8,
        _ port: UInt8,
        _ direction: PortDirection,
        _ modules: [Module],
        _ place: String
    ) throws(LinkFrameFault) {
        guard module != boundary else { return }
        guard Int(module) < modules.count else {
            throw LinkFrameFault(.badValue, "\(place): module \(module) where the frame has \(modules.count)")
        }
        let ports = modules[Int(module)].ports
        guard Int(port) < ports.count else {
            throw LinkFrameFault(.badValue, "\(place): port \(port) where module \(module) has \(ports.count)")
        }
        guard ports[Int(port)].direction == direction else {
            throw LinkFrameFault(.badValue, "\(place): port \(port) of module \(module) is no \(direction.rawValue)")
        }
    }
}

/// Fields of a link frame with their places in the errors.
private struct Reader {
    var bytes: ByteReader
    let version: LinkFrame.Version

    mutating func uint16(_ place: String) throws(LinkFrameFault) -> UInt16 {
        try read(place) { reader throws(ByteReader.Truncated) in try reader.readUInt16() }
    }

    mutating func module(_ index: UInt16) throws(LinkFrameFault) -> LinkFrame.Module {
        let place = "module \(index)"
        let typeId = try read(place) { reader throws(ByteReader.Truncated) in try reader.readUInt32() }
        let id = try text(place)
        let portCount = try uint8(place)
        var ports: [LinkFrame.Port] = []
        for port in 0..<portCount {
            let place = "\(place), port \(port)"
            let id = try text(place)
            let direction = try uint8(place)
            guard direction <= 1 else {
                throw LinkFrameFault(
                    .badValue, "\(place): direction \(direction) where 0 (input) or 1 (output) is needed")
            }
            let channels = try self.channels(place)
            ports.append(
                LinkFrame.Port(
                    id: id,
                    direction: direction == 1 ? .output : .input,
                    channels: channels,
                    sampleRate: try rate(place)
                )
            )
        }
        return LinkFrame.Module(typeId: typeId, id: id, ports: ports)
    }

    mutating func connection(_ index: UInt16) throws(LinkFrameFault) -> LinkFrame.Connection {
        let place = "connection \(index)"
        return LinkFrame.Connection(
            fromModule: try uint8(place),
            fromPort: try uint8(place),
            toModule: try uint8(place),
            toPort: try uint8(place),
            channels: try channels(place),
            sampleRate: try rate(place)
        )
    }

    private mutating func uint8(_ place: String) throws(LinkFrameFault) -> UInt8 {
        try read(place) { reader throws(ByteReader.Truncated) in try reader.readUInt8() }
    }

    private mutating func channels(_ place: String) throws(LinkFrameFault) -> Int16 {
        let channels = try read(place) { reader throws(ByteReader.Truncated) in try reader.readInt16() }
        guard channels == -1 || (1...64).contains(channels) else {
            throw LinkFrameFault(.badValue, "\(place): \(channels) channels where −1 or 1…64 is needed")
        }
        return channels
    }

    private mutating func rate(_ place: String) throws(LinkFrameFault) -> UInt32? {
        switch version {
        case .v3:
            let rate = try uint16(place)
            return rate == .max ? nil : UInt32(rate)
        case .v4:
            let rate = try read(place) { reader throws(ByteReader.Truncated) in try reader.readUInt32() }
            return rate == .max ? nil : rate
        }
    }

    private mutating func text(_ place: String) throws(LinkFrameFault) -> String {
        let length = try uint8(place)
        let bytes = try read(place) { reader throws(ByteReader.Truncated) in try reader.readBytes(Int(length)) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LinkFrameFault(.badValue, "\(place): an id is not UTF-8")
        }
        return text
    }

    private mutating func read<Value>(
        _ place: String,
        _ field: (inout ByteReader) throws(ByteReader.Truncated) -> Value
    ) throws(LinkFrameFault) -> Value {
        do throws(ByteReader.Truncated) {
            return try field(&bytes)
        } catch {
            throw LinkFrameFault(.truncated, "\(place): \(error)")
        }
    }
}
