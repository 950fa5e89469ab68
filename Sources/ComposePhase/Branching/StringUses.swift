import PungiConfig

/// One of the ways in which a text ends up in an option, perhaps by a variable and with text around it.
struct StringUse: Hashable {
    /// The rule for the option; nil if it is not known to follow the branch.
    var rule: BranchRule?
    /// The option for a person: `imagebuilder["^IoT$"].ostree.ref`.
    var option: String
    /// What a format puts before and behind the text.
    var prefix = ""
    var suffix = ""
}

/// A string of a config, and where it stands.
struct PlacedString {
    let node: SourceNode
    let text: String
    let isKey: Bool
    let file: Int
    let place: StringPlace
}

/// Where a value stands: below a name, behind keys, within a format.
struct StringPlace: Hashable {
    let root: String
    /// Keys of the dicts around it; nil for keys that are no text.
    var keys: [String] = []
    var prefix = ""
    var suffix = ""

    /// Keys that only say for which variant or arch something is.
    private static func isSelector(_ key: String) -> Bool {
        let arches: Set<String> = ["*", "src", "x86_64", "aarch64", "ppc64le", "s390x", "riscv64", "i386", "armhfp"]
        return arches.contains(key) || key.hasPrefix("^")
    }

    /// The key that says what it is for; nil if it is what the name itself says.
    var meaningfulKey: String? { keys.last { !Self.isSelector($0) } }

    var path: String {
        keys.reduce(root) { path, key in
            let isPlain = key.utf8.allSatisfy {
                $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
            }
            return isPlain ? "\(path).\(key)" : "\(path)[\"\(key)\"]"
        }
    }
}

/// All strings of the files of a config, and which options they reach.
///
/// Names are taken for the same thing in all files: what one file calls `branch` and another one, too, is asked to fit
/// the uses of both. That may leave a text alone that could be changed, never the other way.
struct StringUses {
    /// A text with more uses than this is left to a person.
    private static let limit = 1000
    /// And so is one that goes through more names than this.
    private static let depthLimit = 200

    private(set) var strings: [PlacedString] = []
    private var uses: [String: [StringPlace]] = [:]
    private var known: [String: Set<StringUse>] = [:]

    init(_ trees: [SourceTree]) {
        for (file, tree) in trees.enumerated() {
            for assignment in tree.assignments {
                collect(assignment.value, file, StringPlace(root: assignment.name.text))
            }
        }
    }

    private mutating func collect(_ node: SourceNode, _ file: Int, _ place: StringPlace, isKey: Bool = false) {
        switch node.kind {
        case .scalar(.string(let text, _)):
            strings.append(PlacedString(node: node, text: text, isKey: isKey, file: file, place: place))
        case .scalar: break
        case .variable(let name):
            var used = place
            // What is a key is asked to stay.
            if isKey { used.keys.append("key") }
            uses[name, default: []].append(used)
        case .list(let items), .tuple(let items):
            for item in items { collect(item, file, place) }
        case .mapping(let entries):
            for entry in entries {
                collect(entry.key, file, place, isKey: true)
                var inner = place
                inner.keys.append(entry.key.string ?? "...")
                collect(entry.value, file, inner)
            }
        case .format(let template, let arguments): collect(template, arguments, file, place)
        }
    }

    /// A format: each argument stands where its conversion does.
    private mutating func collect(
        _ template: SourceNode, _ arguments: SourceNode, _ file: Int, _ place: StringPlace
    ) {
        collect(template, file, place)
        let parts = FormatParts(template.string ?? "")
        func around(_ index: Int?) -> StringPlace {
            guard let index, let (before, behind) = parts.around(index) else { return place }
            var inner = place
            inner.prefix += before
            inner.suffix = behind + inner.suffix
            return inner
        }
        switch arguments.kind {
        case .tuple(let items):
            for (index, item) in items.enumerated() { collect(item, file, around(index)) }
        case .mapping(let entries):
            for entry in entries {
                collect(entry.value, file, around(entry.key.string.flatMap(parts.index(of:))))
            }
        default: collect(arguments, file, around(0))
        }
    }

    // MARK: Uses

    /// The options that a text at a place reaches.
    mutating func uses(of place: StringPlace, depth: Int = 0) -> Set<StringUse> {
        if let key = place.meaningfulKey {
            return [
                StringUse(
                    rule: BranchRule(key: key), option: place.path, prefix: place.prefix, suffix: place.suffix)
            ]
        }
        return Set(
            uses(ofName: place.root, option: place.path, depth: depth).map { use in
                var use = use
                use.prefix += place.prefix
                use.suffix = place.suffix + use.suffix
                return use
            })
    }

    private mutating func uses(ofName name: String, option: String, depth: Int) -> Set<StringUse> {
        if let found = known[name] { return found }
        // Names that are used for each other's values, round about, are left to a person.
        known[name] = [StringUse(rule: nil, option: option)]
        guard depth < Self.depthLimit else { return [StringUse(rule: nil, option: option)] }
        var found: Set<StringUse> = []
        if PungiOptions.byName[name] != nil { found.insert(StringUse(rule: BranchRule(key: name), option: option)) }
        for place in uses[name] ?? [] where found.count <= Self.limit && !(place.root == name && place.keys.isEmpty) {
            found.formUnion(uses(of: place, depth: depth + 1))
        }
        if found.count > Self.limit { found = [StringUse(rule: nil, option: "too many options")] }
        known[name] = found
        return found
    }
}

/// The text of a template between its conversions.
struct FormatParts {
    /// What stands around the conversions: one more than there are.
    private var texts: [String] = [""]
    /// The names in `%(name)s`; empty for conversions without.
    private var names: [String] = []

    init(_ template: String) {
        var rest = Substring(template)
        while let sign = rest.firstIndex(of: "%") {
            texts[texts.count - 1] += rest[..<sign]
            rest = rest[sign...].dropFirst()
            if rest.first == "%" {
                texts[texts.count - 1] += "%"
                rest = rest.dropFirst()
                continue
            }
            var name = ""
            if rest.first == "(", let close = rest.firstIndex(of: ")") {
                name = String(rest[..<close].dropFirst())
                rest = rest[close...].dropFirst()
            }
            // Flags, width and precision change nothing of what a branch's name looks like between others.
            rest = rest.drop { !$0.isLetter }.dropFirst()
            names.append(name)
            texts.append("")
        }
        texts[texts.count - 1] += rest
    }

    func index(of name: String) -> Int? { names.firstIndex(of: name) }

    /// What stands before and behind a conversion; `X` stands for what other conversions will say.
    func around(_ index: Int) -> (before: String, behind: String)? {
        guard names.indices.contains(index) else { return nil }
        return (texts[...index].joined(separator: "X"), texts[(index + 1)...].joined(separator: "X"))
    }
}
