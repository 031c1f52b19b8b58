import ChainModel
import Foundation

/// A JSON file that gives instances to cores: `{"eq#1": 1}`.
enum AssignmentFile {
    /// - Parameters:
    ///   - path: the file; `nil` assigns nothing.
    ///   - chain: the instances that there are.
    ///   - cores: how many cores there are.
    /// - Throws: ``CommandFailure`` with every entry that is wrong.
    static func assignment(at path: String?, for chain: FlattenedChain, cores: Int) throws -> [InstanceID: Int] {
        guard let path else { return [:] }
        let data = try InputFile.read(path)
        let entries: [String: Int]
        do {
            entries = try JSONDecoder().decode([String: Int].self, from: data)
        } catch let error as DecodingError {
            throw CommandFailure(
                "\(path): \(InputFile.reason(error)); the file has the form {\"INSTANCE\": CORE}, such as {\"eq#1\": 1}"
            )
        }
        var assignment: [InstanceID: Int] = [:]
        var faults: [String] = []
        for (name, core) in entries.sorted(by: { $0.key < $1.key }) {
            guard let id = InstanceID(rawValue: name), chain.moduleIndex(of: id) != nil else {
                faults.append("\(path): \(name): the chain has no such instance")
                continue
            }
            guard (0..<cores).contains(core) else {
                faults.append("\(path): \(name): core \(core) does not exist, the cores are 0…\(cores - 1) (--cores)")
                continue
            }
            assignment[id] = core
        }
        guard faults.isEmpty else { throw CommandFailure(faults) }
        return assignment
    }
}
