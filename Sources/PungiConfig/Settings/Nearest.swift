/// The candidate that is most like `word`, if one is near enough to be what was meant.
///
/// Near enough is fewer edits than half the letters, about as Pungi has it. Ties go to the first in order, so that a message
/// is the same every time (Pungi's choice among ties is random).
package func nearest(to word: String, in candidates: [String]) -> String? {
    var best: (distance: Int, candidate: String)?
    for candidate in candidates.sorted() {
        let distance = editDistance(Array(word.unicodeScalars), Array(candidate.unicodeScalars))
        if distance * 2 < word.unicodeScalars.count, distance < best?.distance ?? .max {
            best = (distance, candidate)
        }
    }
    return best?.candidate
}

/// Levenshtein's distance: insertions, deletions and replacements of one letter.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    // Nobody means a word of 200 letters by a word of 3, and hostile input must not cost time.
    guard left.count <= 200, right.count <= 200 else { return .max / 4 }
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            let above = row[j + 1]
            row[j + 1] = a == b ? diagonal : min(diagonal, above, row[j]) + 1
            diagonal = above
        }
    }
    return row[right.count]
}
