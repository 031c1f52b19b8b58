import WireFormats

extension LinkFrame {
    /// The DATA bytes of a whole chain.
    ///
    /// - Throws: `does_not_fit` for a rate above 65534 Hz in version 3, more than 255 modules, or an id above 255
    ///   bytes.
    public static func encode(_ chain: FlattenedChain, version: Version) throws(LinkFrameFault) -> [UInt8] {
        try LinkFrame(chain).encoded(version: version)
    }

    /// The frame of a whole chain.
    public init(_ chain: FlattenedChain) throws(LinkFrameFault) {
        var rows: [Connection] = []
        for connection in chain.connections {
            let from = try Self.address(of: connection.from, isOutput: true, in: chain)
            let to = try Self.address(of: connection.to, isOutput: false, in: chain)
            rows.append(
                Connection(
                    fromModule: from.module,
                    fromPort: from.port,
                    toModule: to.module,
                    toPort: to.port,
                    channels: try Self.fit(connection.channels, "channels of a connection"),
                    sampleRate: try Self.fit(connection.sampleRate, "sample rate of a connection")
                )
            )
        }
        var modules: [Module] = []
        for module in chain.modules { modules.append(try Module(module)) }
        self.init(modules: modules, connections: rows)
    }

    private static func address(
        of endpoint: FlatEndpoint,
        isOutput: Bool,
        in chain: FlattenedChain
    ) throws(LinkFrameFault) -> (module: UInt8, port: UInt8) {
        switch endpoint {
        case .external(let port):
            return (boundary, try fit(port, "external port"))
        case .module(let index, let port):
            guard index < maximumModules else {
                throw LinkFrameFault(.doesNotFit, "module \(index): a link frame has at most \(maximumModules) modules")
            }
            let first = isOutput ? chain.modules[index].inputs.count : 0
            return (try fit(index, "module"), try fit(first + port, "port of \(chain.modules[index].id)"))
        }
    }

    static func fit<Value: FixedWidthInteger>(_ number: Int, _ what: String) throws(LinkFrameFault) -> Value {
        guard let value = Value(exactly: number) else {
            throw LinkFrameFault(.doesNotFit, "\(what): \(number) does not fit \(Value.bitWidth) bits")
        }
        return value
    }

    /// The DATA bytes.
    public func encoded(version: Version) throws(LinkFrameFault) -> [UInt8] {
        guard modules.count <= Self.maximumModules else {
            throw LinkFrameFault(
                .doesNotFit,
                "\(modules.count) modules: a link frame has at most \(Self.maximumModules)"
            )
        }
        var writer = ByteWriter()
        writer.write(UInt16(modules.count))
        for module in modules {
            writer.write(module.typeId)
            try Self.write(module.id, to: &writer)
            let portCount: UInt8 = try Self.fit(module.ports.count, "ports of \(module.id)")
            writer.write(portCount)
            for port in module.ports {
                try Self.write(port.id, to: &writer)
                writer.write(port.direction == .output ? UInt8(1) : 0)
                writer.write(port.channels)
                try Self.write(rate: port.sampleRate, version, to: &writer)
            }
        }
        let connectionCount: UInt16 = try Self.fit(connections.count, "connections")
        writer.write(connectionCount)
        for connection in connections {
            writer.write(connection.fromModule)
            writer.write(connection.fromPort)
            writer.write(connection.toModule)
            writer.write(connection.toPort)
            writer.write(connection.channels)
            try Self.write(rate: connection.sampleRate, version, to: &writer)
        }
        return writer.bytes
    }

    private static func write(_ id: String, to writer: inout ByteWriter) throws(LinkFrameFault) {
        guard let length = UInt8(exactly: id.utf8.count) else {
            throw LinkFrameFault(.doesNotFit, "'\(id)' has \(id.utf8.count) bytes, a link frame takes 255")
        }
        writer.write(length)
        writer.write(id.utf8)
    }

    private static func write(
        rate: UInt32?,
        _ version: Version,
        to writer: inout ByteWriter
    ) throws(LinkFrameFault) {
        switch version {
        case .v3:
            guard let rate else { return writer.write(UInt16.max) }
            guard rate < UInt16.max else {
                throw LinkFrameFault(
                    .doesNotFit,
                    "sample rate \(rate) Hz: link frame 3 takes at most 65534 Hz, link frame 4 takes more"
                )
            }
            writer.write(UInt16(rate))
        case .v4:
            writer.write(rate ?? UInt32.max)
        }
    }
}

extension LinkFrame.Module {
    init(_ module: FlatModule) throws(LinkFrameFault) {
        var ports: [LinkFrame.Port] = []
        for (direction, list) in [(PortDirection.input, module.inputs), (.output, module.outputs)] {
            for port in list {
                ports.append(
                    LinkFrame.Port(
                        id: port.id,
                        direction: direction,
                        channels: try LinkFrame.fit(port.channels, "channels of \(module.id) \(port.id)"),
                        sampleRate: try LinkFrame.fit(port.sampleRate, "sample rate of \(module.id) \(port.id)")
                    )
                )
            }
        }
        self.init(typeId: module.type.typeId, id: module.id.rawValue, ports: ports)
    }
}
