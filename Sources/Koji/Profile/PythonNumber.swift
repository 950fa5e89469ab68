/// Numbers as Python writes them.
enum PythonNumber {
    /// nil for what `int` refuses, and for what does not fit.
    static func int(_ text: String) -> Int? {
        var digits = text.unicodeScalars[...]
        while let first = digits.first, first.isPythonBlank { digits.removeFirst() }
        while let last = digits.last, last.isPythonBlank { digits.removeLast() }
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits.removeFirst() }
        var result = 0
        var mayUnderscore = false
        for scalar in digits {
            if scalar == "_" {
                guard mayUnderscore else { return nil }
                mayUnderscore = false
                continue
            }
            guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else {
                return nil
            }
            let (tens, overflows) = result.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tens.addingReportingOverflow(Int(value))
            if overflows || overflowsToo { return nil }
            result = sum
            mayUnderscore = true
        }
        return mayUnderscore ? (isNegative ? -result : result) : nil
    }
}
