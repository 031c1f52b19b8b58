/// Finds the name that was probably meant.
enum NearestName {
    /// The nearest of the known names, if few letters differ; case does not count.
    static func of(_ name: String, among known: [String]) -> String? {
        // Hostile names are not compared at length: no known name comes near these.
        let wanted = Array(name.prefix(80).lowercased().utf8)
        let near = known.map { (name: $0, distance: distance(wanted, Array($0.lowercased().utf8))) }
            .min { $0.distance < $1.distance }
        guard let near, near.distance <= max(2, wanted.count / 3) else { return nil }
        return near.name
    }

    /// Insertions, removals and replacements that lead from one to the other (Levenshtein).
    static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let replaced = diagonal + (byte == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }
}
