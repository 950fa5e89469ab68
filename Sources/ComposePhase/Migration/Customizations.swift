import PungiConfig

/// Turns composer's `customizations` into a blueprint of image-builder.
///
/// Source: the two languages side by side, as measured. What is not known to be the same or to have a counterpart is
/// refused rather than guessed.
struct Customizations {
    /// Parts that both languages write alike, and that stay where they are.
    static let alike: Set<String> = [
        "hostname", "kernel", "locale", "timezone", "firewall", "services", "installation_device", "fdo", "ignition",
        "openscap", "directories", "files",
    ]

    /// The blueprint.
    private(set) var blueprint = ConfigDict()
    /// Parts that have no counterpart.
    private(set) var refused: [ConfigValue] = []

    /// Whether every part stays as it is, so that the text can stay, too.
    static func areAlike(_ customizations: ConfigDict) -> Bool {
        customizations.entries.allSatisfy { $0.key.string.map(alike.contains) ?? false }
    }

    init(_ customizations: ConfigDict) {
        var inside = ConfigDict()
        for (key, value) in customizations.entries {
            switch key.string {
            case let name? where Self.alike.contains(name): inside.set(key, to: value)
            case "packages": blueprint.set(key, to: Self.packages(value))
            case "containers": blueprint.set(key, to: value)
            case "users": inside.set(Self.key("user", key), to: value)
            case "filesystem": inside.set(key, to: Self.filesystem(value))
            case "payload_repositories", "custom_repositories": inside.set(Self.key("repositories", key), to: value)
            default: refused.append(key)
            }
        }
        guard let place = customizations.entries.first?.key.location, !inside.isEmpty else { return }
        blueprint.set(
            ConfigValue(.string("customizations"), at: place), to: ConfigValue(.dict(inside), at: place))
    }

    private static func key(_ name: String, _ old: ConfigValue) -> ConfigValue {
        ConfigValue(.string(name), at: old.location)
    }

    /// `["vim"]` becomes `[{"name": "vim"}]`.
    private static func packages(_ value: ConfigValue) -> ConfigValue {
        let items = (value.items ?? []).map { item -> ConfigValue in
            guard item.string != nil else { return item }
            var package = ConfigDict()
            package.set(ConfigValue(.string("name"), at: item.location), to: item)
            return ConfigValue(.dict(package), at: item.location)
        }
        return ConfigValue(.list(items), at: value.location)
    }

    /// `min_size` is called `minsize`.
    private static func filesystem(_ value: ConfigValue) -> ConfigValue {
        let items = (value.items ?? []).map { item -> ConfigValue in
            var result = ConfigDict()
            for (key, inner) in item.dict?.entries ?? [] {
                result.set(key.string == "min_size" ? Self.key("minsize", key) : key, to: inner)
            }
            return ConfigValue(.dict(result), at: item.location)
        }
        return ConfigValue(.list(items), at: value.location)
    }
}
