import ChainModel
import ControlProtocol
import Storage

extension ParameterStore {
    /// Checks values of one module as messages give them.
    ///
    /// - Parameter field: the message's field with the values, which errors about one value name.
    func check(
        _ params: [String: JSONScalar],
        of instance: String,
        field: String
    ) throws(ControlError) -> [StoredParameter] {
        var found: [StoredParameter] = []
        for (key, value) in params.sorted(by: { $0.key < $1.key }) {
            let field = "\(field).\(key)"
            do throws(ParameterFault) {
                let element = ElementReference(exactly: try ParameterKey(parsing: key), field: field)
                found.append(try check(value.input, at: element, of: instance))
            } catch {
                throw ControlError(error, paramField: field, indexField: field, valueField: field)
            }
        }
        if let repeated = Dictionary(grouping: found, by: \.id).first(where: { $0.value.count > 1 })?.key {
            throw ControlError(.badField, "\(repeated.key) is given more than once.", field: field)
        }
        return found
    }

    /// What has to change for a module to have these values, and its type's defaults otherwise. An element that it
    /// would have with more channels waits, as stored values do.
    ///
    /// - Parameter field: see ``check(_:of:field:)``.
    func changes(
        giving params: [String: JSONScalar],
        to instance: String,
        field: String
    ) throws(ControlError) -> [ValueChange] {
        let defaults: [StoredParameter]
        do throws(ParameterFault) {
            defaults = try self.defaults(of: instance)
        } catch {
            throw ControlError(ControlError.Code(rawValue: error.code.rawValue), error.description, field: field)
        }
        let waiting = params.filter { isBeyond($0.key, of: instance) }
        // Their values are judged as those of the first channel.
        for (key, value) in waiting {
            do throws(ParameterFault) {
                var first = try ParameterKey(parsing: key)
                first.indices = first.indices.map { _ in 0 }
                _ = try check(value.input, at: ElementReference(exactly: first, field: field), of: instance)
            } catch {
                let field = "\(field).\(key)"
                throw ControlError(error, paramField: field, indexField: field, valueField: field)
            }
        }
        let found = try check(params.filter { waiting[$0.key] == nil }, of: instance, field: field)
        let wanted = Dictionary(uniqueKeysWithValues: found.map { ($0.journalKey, $0) })
        return
            defaults
            .map { wanted[$0.journalKey] ?? $0 }
            .filter { effective($0.journalKey) != $0.text }
            .map(ValueChange.init)
            + waiting.map { ValueChange(key: JournalKey(instance: instance, spelled: $0.key), text: $0.value.text) }
    }

    /// Whether the module has the element's parameter, but not so many channels.
    private func isBeyond(_ key: String, of instance: String) -> Bool {
        do throws(ParameterFault) {
            let key = try ParameterKey(parsing: key)
            var first = key
            first.indices = first.indices.map { _ in 0 }
            _ = try value(at: ElementReference(exactly: first, field: "key"), of: instance)
            do throws(ParameterFault) {
                _ = try value(at: ElementReference(exactly: key, field: "key"), of: instance)
                return false
            } catch {
                return error.code == .badIndex
            }
        } catch {
            return false
        }
    }
}
