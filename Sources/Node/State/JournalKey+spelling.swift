import ChainModel
import Storage

extension JournalKey {
    /// The element that a key means in any spelling: `gainDb[0]` is `gainDb#0`. What is no key at all stays as it is:
    /// no chain has a place for it.
    init(instance: String, spelled text: String) {
        let key: String
        do throws(ParameterFault) {
            key = try ParameterKey(parsing: text).description
        } catch {
            key = text
        }
        self.init(instance: instance, key: key)
    }
}
