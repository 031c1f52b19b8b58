import CZip
import Foundation

/// An object that libzip reads or writes through, command by command. Subclasses perform the commands.
class ArchiveSource {
    /// What libzip is told after a command that failed.
    var error = zip_error_t()

    init() {
        zip_error_init(&error)
    }

    deinit {
        zip_error_fini(&error)
    }

    /// A source that keeps this object until libzip frees it.
    final func makeSource(_ error: inout zip_error_t) -> OpaquePointer? {
        let kept = Unmanaged<ArchiveSource>.passRetained(self)
        let source = zip_source_function_create(
            { object, data, length, command in
                guard let object else { return -1 }
                let kept = Unmanaged<ArchiveSource>.fromOpaque(object)
                if command == ZIP_SOURCE_FREE {
                    kept.release()
                    return 0
                }
                return kept.takeUnretainedValue().perform(command, data, Int(length))
            },
            kept.toOpaque(),
            &error
        )
        if source == nil { kept.release() }
        return source
    }

    /// - Returns: what the command asks for; below 0 after ``refuse(_:_:)``.
    func perform(
        _ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: Int
    ) -> zip_int64_t {
        refuse(ZIP_ER_OPNOTSUPP, EINVAL)
    }

    /// - Parameter cause: an error number of the system.
    final func refuse(_ code: Int32, _ cause: Int32) -> zip_int64_t {
        zip_error_set(&error, code, cause)
        return -1
    }

    /// What `ZIP_SOURCE_SUPPORTS` is answered with.
    static func mask(_ commands: [zip_source_cmd_t]) -> zip_int64_t {
        commands.reduce(0) { $0 | 1 << zip_int64_t($1.rawValue) }
    }
}
