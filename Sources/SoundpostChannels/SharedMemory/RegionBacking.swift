#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims

/// What a region's memory is made of.
enum RegionBacking {
    /// Memory without a name whose size is sealed: nothing is left behind whoever dies, and nobody can truncate it
    /// under us.
    case sealed
    /// A POSIX shared-memory object, for systems without sealed memory. Its name is gone as soon as the other end has
    /// opened it.
    case named

    #if os(Linux)
        static let ofSystem = RegionBacking.sealed
    #else
        static let ofSystem = RegionBacking.named
    #endif

    /// Makes memory of this size; the descriptor, and the name if it has one.
    ///
    /// - Parameter group: Who beside the user may open it by its name.
    func make(_ bytes: Int, token: UInt64, group: UInt32?) throws(Region.Fault) -> (descriptor: Int32, segment: String?)
    {
        switch self {
        case .sealed:
            let descriptor = soundpost_sealed_memory("soundpost", UInt64(bytes))
            guard descriptor >= 0 else { throw .system(SystemError.text(-descriptor)) }
            return (descriptor, nil)
        case .named:
            // At most 30 characters on macOS.
            let name = "/soundpost_" + String(token, radix: 16)
            let descriptor = soundpost_segment_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
            guard descriptor >= 0 else { throw .system(SystemError.text(-descriptor)) }
            let isOpenToGroup = group.map { fchown(descriptor, uid_t.max, $0) == 0 && fchmod(descriptor, 0o660) == 0 }
            guard isOpenToGroup ?? true, ftruncate(descriptor, off_t(bytes)) == 0 else {
                let fault = Region.Fault.system(SystemError.text(errno))
                shm_unlink(name)
                close(descriptor)
                throw fault
            }
            return (descriptor, name)
        }
    }

    /// Opens what a server offers. `descriptor` is what came with the offer, which stays the caller's; −1 if nothing
    /// came.
    func open(_ offer: RegionOffer, beside descriptor: Int32) throws(Region.Fault) -> Int32 {
        if self == .named {
            guard let name = offer.segment else { throw .invalid("the offer names no segment") }
            guard Self.isLegal(segment: name) else {
                throw .invalid("its name '\(name.prefix(40))' is none of ours")
            }
            let opened = soundpost_segment_open(name, O_RDWR, 0)
            guard opened >= 0 else { throw .system("\(name): \(SystemError.text(-opened))") }
            shm_unlink(name)
            return opened
        }
        guard offer.segment == nil else {
            throw .invalid("it has a name, and so a size that the other end can change; a sealed one is needed")
        }
        guard descriptor >= 0 else { throw .invalid("no descriptor came with the offer") }
        guard soundpost_is_sealed(descriptor) else { throw .invalid("its size is not sealed") }
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .system(SystemError.text(errno)) }
        return copy
    }

    /// The clients in other languages begin their names with the same word, and with another sign behind it.
    private static func isLegal(segment name: String) -> Bool {
        name.hasPrefix("/soundpost") && name.utf8.count <= 30
            && name.utf8.dropFirst().allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
