import ProductMD

/// Compares two values in depth; each change has the path of the innermost value that is not the same.
struct ValueComparison {
    let old: ComposeTraces
    let new: ComposeTraces

    /// Members that name the items of a list, as those of blueprints do.
    private static let names = ["name", "path", "mountpoint", "id"]

    /// - Parameter isVersion: whether the values are versions or releases, which a label may have made.
    func changes(
        _ path: String, _ before: JSONValue?, _ after: JSONValue?, isVersion: Bool = false
    ) -> [FieldChange] {
        switch (before, after) {
        case (nil, nil): return []
        case (let before?, let after?) where isSame(before, after, isVersion: isVersion): return []
        case (.object(let before)?, .object(let after)?):
            return Set(before.keys).union(after.keys).sorted(by: byCodePoint).flatMap {
                changes(Self.path(path, $0), before[$0], after[$0])
            }
        case (.array(let before)?, .array(let after)?): return lists(path, before, after)
        default: return [change(path, before, after)]
        }
    }

    private func change(_ path: String, _ before: JSONValue?, _ after: JSONValue?) -> FieldChange {
        let isHidden = HiddenValue.hides(path.split(separator: ".").last.map(String.init) ?? path)
        func shown(_ value: JSONValue?) -> JSONValue? {
            value.map { isHidden ? HiddenValue.text : HiddenValue.shown($0) }
        }
        return FieldChange(path: path, kind: .value(old: shown(before), new: shown(after)))
    }

    // MARK: Lists

    private func lists(_ path: String, _ before: [JSONValue], _ after: [JSONValue]) -> [FieldChange] {
        if let name = naming(before, after) { return named(path, by: name, before, after) }
        let areDeep = (before + after).contains { $0.object != nil || $0.array != nil }
        if areDeep, before.count == after.count {
            return before.indices.flatMap { changes("\(path)[\($0)]", before[$0], after[$0]) }
        }
        var counts: [[UInt8]: Int] = [:]
        for item in before { counts[key(item, old), default: 0] += 1 }
        let added = after.filter { take(key($0, new), from: &counts) }
        counts = [:]
        for item in after { counts[key(item, new), default: 0] += 1 }
        let gone = before.filter { take(key($0, old), from: &counts) }
        if gone.isEmpty, added.isEmpty {
            return [
                FieldChange(
                    path: path, kind: .order(old: before.map(HiddenValue.shown), new: after.map(HiddenValue.shown)))
            ]
        }
        // One instead of another is a change, and not a loss and a gain.
        if before.count == 1, after.count == 1 { return [change(path, before[0], after[0])] }
        return [
            FieldChange(
                path: path, kind: .items(gone: gone.map(HiddenValue.shown), added: added.map(HiddenValue.shown)))
        ]
    }

    /// Whether there is none of it left to take.
    private func take(_ key: [UInt8], from counts: inout [[UInt8]: Int]) -> Bool {
        guard let count = counts[key], count > 0 else { return true }
        counts[key] = count - 1
        return false
    }

    /// The member by which the items of both lists are told apart, if there is one.
    private func naming(_ before: [JSONValue], _ after: [JSONValue]) -> String? {
        guard !(before.isEmpty && after.isEmpty) else { return nil }
        return Self.names.first { name in
            [before, after].allSatisfy { list in
                let texts = list.compactMap { $0[name]?.string }
                return texts.count == list.count && Set(texts).count == texts.count
            }
        }
    }

    private func named(
        _ path: String, by name: String, _ before: [JSONValue], _ after: [JSONValue]
    ) -> [FieldChange] {
        func byName(_ list: [JSONValue]) -> [String: JSONValue] {
            Dictionary(list.map { ($0[name]?.string ?? "", $0) }) { first, _ in first }
        }
        let (olds, news) = (byName(before), byName(after))
        let names =
            after.compactMap { $0[name]?.string } + before.compactMap { $0[name]?.string }.filter { news[$0] == nil }
        let inDepth = names.flatMap { changes("\(path)[\($0)]", olds[$0], news[$0]) }
        guard inDepth.isEmpty else { return inDepth }
        // Only their order is another: of names that is all there is to show.
        return [
            FieldChange(
                path: path,
                kind: .order(old: before.compactMap { $0[name] }, new: after.compactMap { $0[name] }))
        ]
    }

    // MARK: Sameness

    private func isSame(_ before: JSONValue, _ after: JSONValue, isVersion: Bool) -> Bool {
        if isVersion, case .string(let before) = before, case .string(let after) = after {
            return old.key(version: before) == new.key(version: after)
        }
        return key(before, old) == key(after, new)
    }

    /// Bytes, because two texts that look the same need not be the same.
    func key(_ value: JSONValue, _ traces: ComposeTraces) -> [UInt8] { JSONWriter.line(marked(value, traces)) }

    private func marked(_ value: JSONValue, _ traces: ComposeTraces) -> JSONValue {
        switch value {
        case .string(let text): .string(traces.key(text))
        case .array(let items): .array(items.map { marked($0, traces) })
        case .object(let members): .object(members.mapValues { marked($0, traces) })
        default: value
        }
    }

    /// The path of a member; a name that is no word is put in quotes.
    private static func path(_ path: String, _ key: String) -> String {
        let isWord =
            !key.isEmpty
            && key.utf8.allSatisfy {
                (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 95 || $0 == 45
            }
        return isWord ? "\(path).\(key)" : "\(path).\"\(key)\""
    }
}
