extension FailureRule {
    /// How rules are written on a command line, for people.
    package static let grammar = "NAME[/ARCH][:CAUSE][*TIMES]"

    /// Reads a rule as it is written on a command line: `Fedora-IoT-raw/aarch64:loop-device*1` makes the first arch task
    /// of that image and arch fail for want of a loop device. In NAME a `*` stands for any text; `*` and a number at the
    /// end are how often. Without CAUSE an arch task fails for a reason that nobody knows.
    ///
    /// A lost builder (`host-lost`) is lost once unless TIMES says otherwise; else the task would never end.
    ///
    /// - Throws: what cannot be read, and how it should be.
    package init(parsing text: String) throws(HubFailure) {
        var rest = text[...]
        var times: Int?
        if let mark = rest.lastIndex(of: "*"), let number = Self.count(rest[rest.index(after: mark)...]) {
            times = number
            rest = rest[..<mark]
        }
        var cause: RehearsedCause?
        if let mark = rest.lastIndex(of: ":") {
            let name = rest[rest.index(after: mark)...]
            guard let known = RehearsedCause.named(name) else {
                let names = RehearsedCause.all.map(\.name).joined(separator: ", ")
                throw HubFailure("`\(text)`: no cause is called `\(name)`; the causes are \(names)")
            }
            cause = known
            rest = rest[..<mark]
        }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let arch = parts.count > 1 ? parts[1] : nil
        guard let name = parts.first, !name.isEmpty, arch != "" else {
            throw HubFailure("`\(text)` says no failure: write \(Self.grammar)")
        }
        if let cause, cause.stage == .parent, arch != nil {
            throw HubFailure("`\(text)`: \(cause.name) is a fault of the whole task: name no arch")
        }
        guard let cause else {
            self.init(name: name, arch: arch, times: times)
            return
        }
        self.init(name: name, arch: arch, cause: cause, times: times ?? (cause.stage == .host ? 1 : nil))
    }

    /// A number from 1 on, in digits only.
    private static func count(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), number > 0
        else { return nil }
        return number
    }
}
