/// The DATA of a set_link command: a flattened chain in the binary form that devices and the C library read.
///
/// Multi-byte numbers are little-endian. Layout: `count u16`, then per module `typeId u32, idLength u8, id, portCount
/// u8` and per port `idLength u8, id, direction u8 (0 input, 1 output), channels i16, rate`; then `count u16` and per
/// connection `fromModule u8, fromPort u8, toModule u8, toPort u8, channels i16, rate`. Channels −1 are inherited.
/// Module 0xFF is the chain itself. A rate is u16 in version 3 and u32 in version 4; all bits set = inherited.
///
/// Source: README decision 8, engine.md 14, fields.md "Device protocol".
public struct LinkFrame: Sendable, Hashable {
    /// Layouts; the number is the one the C library takes.
    public enum Version: UInt32, Sendable, Hashable, CaseIterable {
        /// CMD 0x02, rates up to 65534 Hz.
        case v3 = 3
        /// CMD 0x09, rates of 32 bits.
        case v4 = 4

        /// The command that carries it.
        public var command: UInt8 { self == .v3 ? 0x02 : 0x09 }
    }

    /// The module index of the chain's own ports.
    public static let boundary: UInt8 = 0xFF
    /// Most modules of a frame: indices 0…254.
    public static let maximumModules = 255

    public struct Port: Sendable, Hashable {
        public var id: String
        public var direction: PortDirection
        /// −1 = inherited.
        public var channels: Int16
        /// Hz; nil = inherited.
        public var sampleRate: UInt32?

        public init(id: String, direction: PortDirection, channels: Int16, sampleRate: UInt32?) {
            self.id = id
            self.direction = direction
            self.channels = channels
            self.sampleRate = sampleRate
        }
    }

    public struct Module: Sendable, Hashable {
        public var typeId: UInt32
        public var id: String
        public var ports: [Port]

        public init(typeId: UInt32, id: String, ports: [Port]) {
            self.typeId = typeId
            self.id = id
            self.ports = ports
        }
    }

    /// A wire. Ports are positions in a module's `ports`, or among the chain's external inputs (from) or outputs (to).
    public struct Connection: Sendable, Hashable {
        public var fromModule: UInt8
        public var fromPort: UInt8
        public var toModule: UInt8
        public var toPort: UInt8
        /// −1 = those of the source.
        public var channels: Int16
        /// Hz; nil = inherited.
        public var sampleRate: UInt32?

        public init(
            fromModule: UInt8,
            fromPort: UInt8,
            toModule: UInt8,
            toPort: UInt8,
            channels: Int16,
            sampleRate: UInt32?
        ) {
            self.fromModule = fromModule
            self.fromPort = fromPort
            self.toModule = toModule
            self.toPort = toPort
            self.channels = channels
            self.sampleRate = sampleRate
        }
    }

    public var modules: [Module]
    public var connections: [Connection]

    public init(modules: [Module], connections: [Connection]) {
        self.modules = modules
        self.connections = connections
    }
}
