/// The name that was probably meant.
enum NearestName {
    /// The name with the fewest changed, missing, added or swapped letters, if they are few: one in three at most; of
    /// equals the first by name. Capitals do not count.
    static func nearest(to name: String, in names: some Collection<String>) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
        let rated = names.compactMap { other -> (distance: Int, name: String)? in
            let letters = Array(other.lowercased().unicodeScalars.prefix(64))
            let distance = distance(wanted, letters)
            return distance * 3 <= max(wanted.count, letters.count) ? (distance, other) : nil
        }
        return rated.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    private static func distance(_ one: [Unicode.Scalar], _ other: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var above = Array(0...other.count)
        for (i, letter) in one.enumerated() {
            var row = [i + 1]
            for (j, match) in other.enumerated() {
                var best = min(row[j] + 1, above[j + 1] + 1, above[j] + (letter == match ? 0 : 1))
                if i > 0, j > 0, letter == other[j - 1], one[i - 1] == match { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            before = above
            above = row
        }
        return above[other.count]
    }
}
