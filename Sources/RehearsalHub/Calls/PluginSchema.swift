import Koji

/// The schema of `imageBuilderBuild`'s parameters, as each generation of the plugin has it.
struct PluginSchema: Sendable {
    let schema: XMLRPCValue
    let definitions: [String: XMLRPCValue]

    init(_ generation: PluginGeneration) {
        var options: [String: XMLRPCValue] = [
            "scratch": Self.typed("boolean", "Scratch Build"),
            "repos": Self.texts("Repositories"),
            "release": Self.typed("string", "Release override"),
            "distro": Self.typed("string", "Distribution override"),
            "skip_tag": Self.typed("boolean", "Omit tagging the result"),
            "ostree": Self.reference("ostree"),
            "blueprint": Self.typed("object", "Blueprint"),
        ]
        if generation != .v6 {
            options["seed"] = Self.typed("integer", "PRNG seed, can be used to predict filesystem UUIDs")
        }
        if generation == .v11 {
            options["preview"] = Self.typed("boolean", "Override builds prerelease/preview state.")
            options["failable_arches"] = Self.texts("Architectures allowed to fail")
            options["bootc"] = Self.reference("bootc")
        }
        definitions = [
            "ostree": Self.closed("OSTree specific options", ["parent", "ref", "url"]),
            "bootc": Self.closed(
                "bootc specific options", ["ref", "build-ref", "installer-payload-ref", "default-fs"]),
        ]
        var types = Self.texts("Image Types").members ?? [:]
        types["minItems"] = .number(1)
        types["maxItems"] = .number(1)
        schema = .object([
            "type": .string("array"),
            "items": .array([
                Self.typed("string", "Target"), Self.texts("Architectures"), .object(types),
                Self.typed("string", "Name"), Self.typed("string", "Version"),
                .object([
                    "title": .string("Optional arguments"), "type": .string("object"),
                    "additionalProperties": .bool(false), "properties": .object(options),
                ]),
            ]),
        ])
    }

    private static func typed(_ type: String, _ description: String) -> XMLRPCValue {
        .object(["type": .string(type), "description": .string(description)])
    }

    private static func texts(_ description: String) -> XMLRPCValue {
        .object([
            "type": .string("array"), "items": .object(["type": .string("string")]),
            "description": .string(description),
        ])
    }

    private static func reference(_ name: String) -> XMLRPCValue {
        .object([
            "$ref": .string("#/definitions/\(name)"), "descriptions": .string("Additional \(name) options"),
            "type": .string("object"),
        ])
    }

    private static func closed(_ title: String, _ names: [String]) -> XMLRPCValue {
        let properties = names.map { ($0, XMLRPCValue.object(["type": .string("string")])) }
        return .object([
            "title": .string(title), "type": .string("object"), "additionalProperties": .bool(false),
            "properties": .object(Dictionary(uniqueKeysWithValues: properties)),
        ])
    }

    /// The error that jsonschema would show: the shallowest, and of those the first.
    func firstError(in instance: XMLRPCValue) -> SchemaError? {
        var errors: [SchemaError] = []
        check(instance, schema, at: [], in: [], &errors)
        return errors.enumerated().min { ($0.element.path.count, $0.offset) < ($1.element.path.count, $1.offset) }?
            .element
    }

    private func check(
        _ instance: XMLRPCValue, _ schema: XMLRPCValue, at path: [XMLRPCValue], in place: [XMLRPCValue],
        _ errors: inout [SchemaError]
    ) {
        // What stands beside a reference does not count.
        if let name = schema["$ref"].textValue?.split(separator: "/").last, let definition = definitions[String(name)] {
            return check(instance, definition, at: path, in: place, &errors)
        }
        func refuse(_ keyword: String, _ message: String) {
            errors.append(
                SchemaError(
                    message: message, keyword: keyword, schema: schema, place: place, instance: instance, path: path))
        }
        if let type = schema["type"].textValue, !Self.value(instance, isOf: type) {
            refuse("type", "\(Python.repr(instance)) is not of type '\(type)'")
        }
        if let items = instance.items {
            if let least = schema["minItems"].wholeNumber, items.count < least {
                refuse("minItems", "\(Python.repr(instance)) is too short")
            }
            if let most = schema["maxItems"].wholeNumber, items.count > most {
                refuse("maxItems", "\(Python.repr(instance)) is too long")
            }
            for (index, item) in items.enumerated() {
                if let tuple = schema["items"].items {
                    guard tuple.indices.contains(index) else { break }
                    let next = place + [.string("items"), .number(index)]
                    check(item, tuple[index], at: path + [.number(index)], in: next, &errors)
                } else if !schema["items"].isNil {
                    let next = place + [.string("items")]
                    check(item, schema["items"], at: path + [.number(index)], in: next, &errors)
                }
            }
        }
        guard let members = instance.members, let properties = schema["properties"].members else { return }
        if schema["additionalProperties"] == .bool(false) {
            let unknown = members.keys.filter { properties[$0] == nil }.sorted().map { Python.repr($0) }
            let verb = unknown.count == 1 ? "was" : "were"
            if !unknown.isEmpty {
                refuse(
                    "additionalProperties",
                    "Additional properties are not allowed (\(unknown.joined(separator: ", ")) \(verb) unexpected)")
            }
        }
        for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
            guard let member = members[name] else { continue }
            let next = place + [.string("properties"), .string(name)]
            check(member, property, at: path + [.string(name)], in: next, &errors)
        }
    }

    private static func value(_ value: XMLRPCValue, isOf type: String) -> Bool {
        switch (type, value) {
        case ("string", .string), ("string", .date), ("boolean", .bool), ("integer", .int), ("array", .array),
            ("object", .object):
            true
        case ("integer", .double(let number)): number == number.rounded()
        default: false
        }
    }
}

/// One violation of a schema, in jsonschema's words.
struct SchemaError: Sendable {
    let message: String
    let keyword: String
    let schema: XMLRPCValue
    /// Where in the schema.
    let place: [XMLRPCValue]
    let instance: XMLRPCValue
    /// Where in the parameters.
    let path: [XMLRPCValue]

    var text: String {
        """
        \(message)

        Failed validating '\(keyword)' in schema\(Self.subscripts(place)):
        \(Self.indented(schema))

        On instance\(Self.subscripts(path)):
        \(Self.indented(instance))
        """
    }

    private static func subscripts(_ path: [XMLRPCValue]) -> String {
        path.map { "[\(Python.repr($0))]" }.joined()
    }

    private static func indented(_ value: XMLRPCValue) -> String {
        Python.pretty(value).split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
            .joined(separator: "\n")
    }
}
