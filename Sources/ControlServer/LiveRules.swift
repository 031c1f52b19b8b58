import Synchronization

/// The rules for the next connection; a reload puts others in their place.
final class LiveRules: Sendable {
    /// Decides the address, which stays.
    let first: ControlServerConfiguration
    private let rules = Mutex<ConnectionRules?>(nil)

    init(_ configuration: ControlServerConfiguration) {
        first = configuration
    }

    /// The first use reads the certificates.
    ///
    /// - Throws: `bad_certificate`.
    var current: ConnectionRules {
        get throws(ControlServerError) {
            if let known = rules.withLock({ $0 }) { return known }
            let loaded = try ConnectionRules(first)
            return rules.withLock { rules in
                let known = rules ?? loaded
                rules = known
                return known
            }
        }
    }

    /// Takes another configuration over.
    ///
    /// - Throws: `bad_certificate`; `address_changed`. The rules stay as they are then.
    func replace(with configuration: ControlServerConfiguration) throws(ControlServerError) {
        guard configuration.address == first.address else {
            throw ControlServerError(
                .addressChanged,
                "The address cannot change from \(first.address) to \(configuration.address) while the node runs. "
                    + "Restart it."
            )
        }
        let loaded = try ConnectionRules(configuration)
        rules.withLock { $0 = loaded }
    }
}
