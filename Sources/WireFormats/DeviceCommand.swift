/// Commands of the device protocol. Source: README decision 10.
public enum DeviceCommand: UInt8, Sendable, Hashable, CaseIterable {
    case setParameter = 0x01
    case setLink = 0x02
    case getParameter = 0x03
    case parameterBinary = 0x04
    case setAmbiance = 0x05
    case readChain = 0x06
    case capabilities = 0x07
    case assignCore = 0x08
    case setLinkV4 = 0x09
    case segment = 0x0F
}
