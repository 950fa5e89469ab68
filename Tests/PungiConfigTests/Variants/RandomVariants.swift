import TestSupport

/// Random documents: valid ones, with some mistakes put in.
struct RandomVariants {
    private var generator: SeededGenerator
    /// One in so many choices is wrong; 0 for none.
    private var mistakes = 0

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &generator)] }
    private mutating func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &generator) == 0 }
    private mutating func errs() -> Bool { mistakes > 0 && chance(mistakes) }

    mutating func document() -> String {
        mistakes = pick([0, 25, 60, 150])
        return (chance(2) ? "<?xml version=\"1.0\"?>\n" : "") + variants(depth: 0)
    }

    /// Elements one after another, sometimes with one left out, doubled, swapped, unknown, or with text between.
    private mutating func join(_ parts: [String]) -> String {
        var parts = parts
        if errs(), !parts.isEmpty { parts.remove(at: Int.random(in: 0..<parts.count, using: &generator)) }
        if errs(), !parts.isEmpty { parts.append(pick(parts)) }
        if errs(), parts.count > 1 { parts.swapAt(0, parts.count - 1) }
        if errs() {
            parts.append(
                pick([
                    "<other/>", "<ref id=\"X\"/>", "text", "<arch>a</arch>", "<variants/>", "<modules/>",
                    "<group>g</group>",
                ]))
        }
        return parts.map { $0 + pick(["", "", "\n", " ", "<!-- c -->", "<?pi x?>"]) }.joined()
    }

    private mutating func variants(depth: Int) -> String {
        let references = (0..<pick([0, 0, 1, 2])).map { _ in "<ref\(attributes(required: [("id", ["R", "A", ""])]))/>" }
        let nodes = depth > 2 ? [] : (0..<pick([0, 1, 1, 2])).map { _ in variant(depth: depth + 1) }
        return "<variants>" + join(references + nodes) + "</variants>"
    }

    private mutating func variant(depth: Int) -> String {
        let attributes = attributes(
            required: [
                ("id", ["A", "B", "Server"]), ("name", ["n", "x &amp; y"]),
                ("type", ["variant", "addon", "optional", "layered-product"]),
            ], optional: [("has_optional", ["true", "false"]), ("is_empty", ["true", "false"])])
        if chance(8) { return "<variant\(attributes)/>" }
        var parts: [String] = []
        if chance(3) {
            parts.append(leaf("release", optional: [("name", ["a"]), ("short", ["b"]), ("version", ["1"])]))
        }
        parts.append(list("arches", of: "arch", some: true))
        if chance(3) {
            let flags = ["glob", "default", "uservisible"].map { ($0, ["true", "false"]) }
            parts.append(list("groups", of: "group", some: true, optional: flags))
        }
        for _ in 0..<pick([0, 0, 1, 2]) {
            parts.append(
                list("environments", of: "environment", some: true, optional: [("display_order", ["1", "x"])]))
        }
        for _ in 0..<pick([0, 0, 1, 2]) { parts.append(variants(depth: depth)) }
        if chance(4) { parts.append(list("buildinstallpackages", of: "package", some: true)) }
        if chance(4) {
            let modules = (0..<pick([0, 1, 2])).map { _ in leaf("module", optional: [("glob", ["true", "false"])]) }
            let tags = (0..<pick([0, 1, 2])).map { _ in leaf("kojitag") }
            parts.append("<modules>" + join(modules + tags) + "</modules>")
        }
        return "<variant\(attributes)>" + join(parts) + "</variant>"
    }

    private mutating func list(
        _ name: String, of item: String, some: Bool, optional: [(String, [String])] = []
    ) -> String {
        let items = (0..<pick([1, 2, 3])).map { _ in leaf(item, optional: optional) }
        return "<\(name)>" + join(items) + "</\(name)>"
    }

    private mutating func leaf(_ name: String, optional: [(String, [String])] = []) -> String {
        let text =
            errs() ? pick([" a", "a\n", "\t", "<b/>", "a<arch/>"]) : pick(["x86_64", "", "a b", "<![CDATA[c]]>"])
        return "<\(name)\(attributes(required: [], optional: optional))>\(text)</\(name)>"
    }

    private mutating func attributes(
        required: [(String, [String])], optional: [(String, [String])] = []
    ) -> String {
        var text = ""
        for (name, values) in required where !errs() { text += " \(name)=\"\(errs() ? "wrong" : pick(values))\"" }
        for (name, values) in optional where chance(3) { text += "\n\(name) = '\(errs() ? "" : pick(values))'" }
        if errs() { text += pick([" other=\"1\"", " xmlns=\"u\"", " xml:lang=\"de\""]) }
        return text
    }

    /// A document with a few bytes changed, left out or doubled.
    mutating func damaged() -> [UInt8] {
        var bytes = Array(document().utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[place] = pick(Array("<>/&;!?'\"= \n[]a".utf8) + [0, 0x80, 0xC3, 0xFF])
            case 1: bytes.remove(at: place)
            default: bytes.insert(bytes[place], at: place)
            }
        }
        return bytes
    }
}
