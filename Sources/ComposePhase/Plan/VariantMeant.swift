import PungiConfig

/// The variant that a pattern without a match was probably written for: the nearest to what the pattern says in plain
/// letters, its alternatives taken one by one.
func variantMeant(by pattern: String, among known: [String]) -> String? {
    let plain = pattern.filter { !"^$()?:.*+[]\\".contains($0) }
    for alternative in plain.split(separator: "|") {
        if let variant = nearest(to: String(alternative), in: known) { return variant }
    }
    return nil
}
