/// Words as a shell takes them.
package enum ShellText {
    /// A command with an option and its value in each line.
    static func command(_ words: [String]) -> String {
        var lines: [[String]] = [[]]
        for (index, word) in words.enumerated() {
            // An option begins a line; the command's own words before the first long one stay together.
            let isOption = word.hasPrefix("--")
            let isLast = index == words.count - 1
            if isOption || isLast { lines.append([]) }
            lines[lines.count - 1].append(quoted(word))
        }
        return lines.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }.joined(separator: " \\\n    ")
    }

    /// The word in quotes, if it needs any.
    package static func quoted(_ word: String) -> String {
        if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
        let controls = word.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        guard controls else { return "'" + word.replacing("'", with: #"'\''"#) + "'" }
        // What a terminal would act on is written as the escapes of bash.
        var text = "$'"
        for scalar in word.unicodeScalars {
            switch scalar {
            case "'", "\\": text += "\\\(scalar)"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "@%+=:,./-_".utf8.contains(byte)
        }
    }
}
