/// Old names of options inside sections: their values move to the new name, or are added to it, and nested defaults are
/// filled in.
///
/// As Pungi's validator: an alias beside its new name is an error and is dropped; values of appended names go to the
/// end of the new option, a single value counting as a list of one.
struct Renaming {
    private(set) var diagnostics: [Diagnostic] = []
    private var path: [String]
    /// How much of the path Pungi would name: up to the outermost value with several possible shapes.
    private var namedDepth: Int?

    init(path: String) { self.path = [path] }

    /// Whether anything inside a shape has old names or a default.
    static func isNeeded(in shape: Shape) -> Bool {
        switch shape {
        case .list(let item, _, _): isNeeded(in: item)
        case .row(let shapes, _), .either(let shapes): shapes.contains { isNeeded(in: $0) }
        case .mapping(let mapping):
            mapping.keys.map { isNeeded(in: $0.shape) } ?? false
                || mapping.options.contains {
                    $0.standard != nil || !$0.aliases.isEmpty || !$0.appended.isEmpty || isNeeded(in: $0.shape)
                }
        default: false
        }
    }

    mutating func applied(to value: ConfigValue, _ shape: Shape) -> ConfigValue {
        guard Self.isNeeded(in: shape) else { return value }
        switch (shape, value.kind) {
        case (.list(let item, _, _), .list(let items)):
            return ConfigValue(.list(each(items) { $0.applied(to: $1, item) }), at: value.location)
        case (.list(let item, _, _), .tuple(let items)):
            return ConfigValue(.tuple(each(items) { $0.applied(to: $1, item) }), at: value.location)
        case (.row(let shapes, _), .list(let items)):
            return ConfigValue(.list(row(items, shapes)), at: value.location)
        case (.row(let shapes, _), .tuple(let items)):
            return ConfigValue(.tuple(row(items, shapes)), at: value.location)
        case (.mapping(let mapping), .dict(let dict)):
            return ConfigValue(.dict(applied(to: dict, mapping, at: value.location)), at: value.location)
        case (.either(let shapes), _):
            let outer = namedDepth
            namedDepth = outer ?? path.count
            defer { namedDepth = outer }
            // Of the shapes with old names in them no two are of one kind.
            return shapes.filter { Self.isNeeded(in: $0) }.reduce(value) { applied(to: $0, $1) }
        default: return value
        }
    }

    private mutating func each(
        _ items: [ConfigValue], _ body: (inout Renaming, ConfigValue) -> ConfigValue
    ) -> [ConfigValue] {
        var result: [ConfigValue] = []
        for (index, item) in items.enumerated() {
            path.append(String(index))
            result.append(body(&self, item))
            path.removeLast()
        }
        return result
    }

    private mutating func row(_ items: [ConfigValue], _ shapes: [Shape]) -> [ConfigValue] {
        var rest = shapes[...]
        return each(items) { renaming, item in
            guard let shape = rest.popFirst() else { return item }
            return renaming.applied(to: item, shape)
        }
    }

    private mutating func applied(
        to dict: ConfigDict, _ mapping: MappingShape, at place: SourceLocation
    ) -> ConfigDict {
        var result = dict
        for option in mapping.options {
            for alias in option.aliases { move(alias, to: option, in: &result) }
            for name in option.appended { append(name, to: option, in: &result) }
            if let standard = option.standard, result[option.name] == nil {
                result.set(ConfigValue(.string(option.name), at: place), to: standard.value(at: place))
            }
        }
        for (key, inner) in result.entries {
            guard case .string(let name) = key.kind else { continue }
            let shape: Shape? =
                mapping[name]?.shape ?? mapping.keys.flatMap { $0.match.matches(name) ? $0.shape : nil }
            guard let shape, Self.isNeeded(in: shape) else { continue }
            path.append(name)
            result.set(key, to: applied(to: inner, shape))
            path.removeLast()
        }
        return result
    }

    private mutating func move(_ alias: String, to option: ConfigOption, in dict: inout ConfigDict) {
        guard let value = dict[alias], let place = dict.keyLocation(alias) else { return }
        let isThere = dict[option.name] != nil
        dict.remove(alias)
        if !isThere { dict.set(ConfigValue(.string(option.name), at: place), to: value) }
        tell(
            isThere ? .error : .warning, isThere ? "config.alias-clash" : "config.alias",
            isThere
                ? "\(alias) is an old name of \(option.name), and both are set"
                : "\(alias) is an old name of \(option.name)", place, "write \(option.name)")
    }

    private mutating func append(_ name: String, to option: ConfigOption, in dict: inout ConfigDict) {
        guard let value = dict[name], let place = dict.keyLocation(name) else { return }
        dict.remove(name)
        func items(_ value: ConfigValue) -> [ConfigValue] { value.items ?? [value] }
        let old = dict[option.name]
        let all = (old.map(items) ?? []) + items(value)
        let key = ConfigValue(.string(option.name), at: dict.keyLocation(option.name) ?? place)
        dict.set(key, to: ConfigValue(.list(all), at: old?.location ?? value.location))
        tell(
            .warning, "config.alias", "\(name) is an old name whose values are added to \(option.name)", place,
            "write them into \(option.name)")
    }

    private mutating func tell(
        _ severity: Severity, _ code: String, _ message: String, _ place: SourceLocation, _ fix: String
    ) {
        var diagnostic = Diagnostic(severity: severity, code: code, message: message, location: place, fix: fix)
        diagnostic.option = path.prefix(namedDepth ?? path.count).joined(separator: ".")
        diagnostics.append(diagnostic)
    }
}
