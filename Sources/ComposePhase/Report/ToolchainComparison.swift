package import ProductMD

/// Which images of two composes were built by other tools.
package struct ToolchainComparison: Sendable, Hashable {
    /// The composes' ids.
    package var old: String
    package var new: String
    package var changed: [Changed] = []
    /// Images whose tools are not known in one of the composes, or in both.
    package var unknown: [Pair] = []
    /// Images that were built by the same tools.
    package var same: [Pair] = []
    /// Images that are in one compose only, as paths below `compose/`.
    package var onlyOld: [String] = []
    package var onlyNew: [String] = []

    /// The same image in both composes.
    package struct Pair: Sendable, Hashable {
        package var task: ImageTaskID
        package var arch: String
        /// Paths below `compose/`.
        package var old: String
        package var new: String
    }

    package struct Changed: Sendable, Hashable {
        package var pair: Pair
        /// NVRs by package, old and new; nil for a package that was not there.
        package var packages: [Package]
    }

    package struct Package: Sendable, Hashable {
        package var name: String
        package var old: String?
        package var new: String?
    }

    /// Whether it is certain that every image which both have was built by the same tools.
    package var isSame: Bool { changed.isEmpty && unknown.isEmpty }

    /// Paths hold versions, so an image is known by its task, arch and kind.
    private struct Key: Hashable, Comparable {
        let task: String
        let arch: String
        let kind: String
        /// Among several of one kind.
        var number = 0

        static func < (left: Key, right: Key) -> Bool {
            (left.task, left.arch, left.kind, left.number) < (right.task, right.arch, right.kind, right.number)
        }
    }

    package init(_ old: ProvenanceDocument, _ new: ProvenanceDocument) {
        self.old = old.compose
        self.new = new.compose
        // A document of version 1.0 has no types: then the ends of names have to do.
        let hasTypes = ![old, new].contains { $0.images.values.contains { $0.type.isEmpty } }
        let before = Self.byKey(old, hasTypes: hasTypes)
        let after = Self.byKey(new, hasTypes: hasTypes)
        for key in Set(before.keys).union(after.keys).sorted() {
            switch (before[key], after[key]) {
            case (let first?, let second?): add(first, second)
            case (let first?, nil): onlyOld.append(first.path)
            case (nil, let second?): onlyNew.append(second.path)
            case (nil, nil): break
            }
        }
    }

    private typealias Image = (path: String, entry: ProvenanceDocument.Entry)

    private static func byKey(_ document: ProvenanceDocument, hasTypes: Bool) -> [Key: Image] {
        var images: [Key: Image] = [:]
        for (path, entry) in document.images.sorted(by: { $0.key < $1.key }) {
            let end = path.split(separator: ".").suffix(2).filter { !$0.contains("/") && Int($0) == nil }
            let kind = hasTypes ? "\(entry.type) \(entry.format)" : end.joined(separator: ".")
            var key = Key(task: entry.planTask.text, arch: entry.arch, kind: kind)
            while images[key] != nil { key.number += 1 }
            images[key] = (path, entry)
        }
        return images
    }

    private mutating func add(_ old: Image, _ new: Image) {
        let pair = Pair(task: new.entry.planTask, arch: new.entry.arch, old: old.path, new: new.path)
        guard let before = old.entry.origin?.toolchain, let after = new.entry.origin?.toolchain, !before.isEmpty,
            !after.isEmpty
        else {
            unknown.append(pair)
            return
        }
        let packages = Set(before.keys).union(after.keys).sorted().compactMap { name -> Package? in
            before[name] == after[name] ? nil : Package(name: name, old: before[name], new: after[name])
        }
        if packages.isEmpty { same.append(pair) } else { changed.append(Changed(pair: pair, packages: packages)) }
    }

    package var json: JSONValue {
        [
            "header": ["type": "phase-runner.toolchain-comparison", "version": "1.0"],
            "payload": [
                "old": .string(old), "new": .string(new), "same_toolchain": .bool(isSame),
                "changed": .array(
                    changed.map { changed in
                        var members = changed.pair.json
                        members["packages"] = .array(
                            changed.packages.map {
                                [
                                    "package": .string($0.name), "old": $0.old.map { .string($0) } ?? .null,
                                    "new": $0.new.map { .string($0) } ?? .null,
                                ]
                            })
                        return .object(members)
                    }),
                "unknown": .array(unknown.map { .object($0.json) }), "same": .array(same.map { .object($0.json) }),
                "only_old": .array(onlyOld.map { .string($0) }), "only_new": .array(onlyNew.map { .string($0) }),
            ],
        ]
    }
}

extension ToolchainComparison.Pair {
    fileprivate var json: [String: JSONValue] {
        ["task": .string(task.text), "arch": .string(arch), "old": .string(old), "new": .string(new)]
    }
}
