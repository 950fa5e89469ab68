/// Which of a row of measurements are far from the others.
enum Outliers {
    /// A measurement is an outlier when it is farther from the middle one than three times the usual distance, and more
    /// than a tenth of it. Distances are counted by their own middle, so that outliers do not hide each other. Of fewer
    /// than five nothing can be said.
    static func mark(_ values: [Double?]) -> [Bool] {
        let known = values.compactMap(\.self)
        guard known.count >= 5 else { return values.map { _ in false } }
        let middle = median(known)
        // 1.4826 makes the middle distance comparable to a standard deviation.
        let spread = 1.4826 * median(known.map { abs($0 - middle) })
        return values.map { value in
            guard let value else { return false }
            let distance = abs(value - middle)
            return distance > 3 * spread && distance > abs(middle) / 10
        }
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let half = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half]
    }
}
