import ChainModel

extension ParameterFile {
    /// The values of the file that `--params` names.
    ///
    /// - Parameters:
    ///   - path: the file; `nil` gives no values, so that every parameter has its default.
    ///   - chain: what the values are checked against.
    /// - Throws: ``CommandFailure`` with every value that is wrong.
    static func values(at path: String?, for chain: FlattenedChain) throws -> [ParameterID: ParameterValue] {
        guard let path else { return [:] }
        let data = try InputFile.read(path)
        do {
            return try ParameterFile.decode(data).resolve(in: ParameterResolver(chain: chain))
        } catch {
            throw CommandFailure(error.faults.map { "\(path): \($0)" })
        }
    }
}
