import ProductMD
import PungiConfig

/// Arches, and those that may fail.
extension BlockFields {
    func arches() -> FieldExplanation {
        let variant = planned.variant
        let offered = variant.arches.filter { $0 != "src" }
        var sources: [ExplainedSource] = []
        if let own = block.arches {
            sources.append(written("arches", own.map { texts($0.map(\.value)) }))
        } else {
            sources.append(unset(.block, "arches"))
        }
        let reason = block.arches == nil ? "all of them are built" : "only these can be built"
        sources.append(
            ExplainedSource(
                place: .variant, state: .used, option: "",
                text: "the variant \(variant.uid) has \(list(offered)): \(reason)", location: variant.location))
        if !settings.treeArches.isEmpty {
            let origin = origins.option("tree_arches")
            sources.append(
                used(
                    .config, "tree_arches",
                    Located(texts(settings.treeArches), at: origin.location ?? block.location), origin))
        }
        var field = field("arches", .array(resolution.arches.map { .string($0) }), sources)
        let left = (block.arches?.value ?? []).map(\.value).filter { !resolution.arches.contains($0) }
        if !left.isEmpty { field.note = "not built: \(list(left)), which the variant does not have" }
        return field
    }

    func failable() -> FieldExplanation {
        let sent = resolution.failable
        guard let own = block.failable else {
            return field("failable", nil, [unset(.block, "failable")])
        }
        var field = field(
            "failable", .array(sent.map { .string($0) }),
            [written("failable", own.map { texts($0.map(\.value)) })])
        let named = own.value.map(\.value)
        let left = named.filter { $0 != "*" && !resolution.arches.contains($0) }
        if named == ["*"] {
            field.note = "\"*\" means all arches that are built"
        } else if !left.isEmpty {
            field.note = "not built, so not named: \(list(left))"
        } else if planned.task.canFail {
            field.note = "all arches may fail, so the compose can do without the image"
        }
        return field
    }

    func list(_ words: [String]) -> String { words.isEmpty ? "none" : words.joined(separator: ", ") }
}
