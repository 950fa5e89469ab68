import ProductMD
import PungiConfig

/// One migration while it is made: first every block where it stands, then the section as a whole.
struct MigrationWork {
    private let path: String
    private let options: Migration.Options
    private var files = EditedFiles()
    private let document: ConfigDocument
    private let settings: ComposeSettings
    private let variants: VariantSet
    private let compose: ComposeIdentity
    private var findings: [Diagnostic] = []
    private var original: [String: [UInt8]] = [:]
    /// Paths in the order of their first edit.
    private var touched: [String] = []

    init(_ path: String, options: Migration.Options) throws(ConfigFailure) {
        self.path = path
        self.options = options
        document = try ConfigDocument.load(path: path)
        settings = try SettingsReader.read(document).settings
        variants = try VariantsInput.load(for: settings, besideConfig: path)
        do {
            compose = try ComposeIdentity(settings: settings, request: options.request)
        } catch {
            throw ConfigFailure(
                Diagnostic(severity: .error, code: "migrate.result", message: error.description))
        }
    }

    mutating func run() -> Migration {
        let phase = OsbuildPhase(
            document: document, settings: settings, variants: variants, compose: compose,
            composeDirectory: "/" + compose.id)
        let calls = phase.calls()
        guard document["osbuild"] != nil || Self.fallbacks.contains(where: { document["osbuild_\($0)"] != nil }) else {
            return Migration(changes: [], findings: [], calls: [], tasks: [])
        }
        editBlocks(calls)
        renameFallbacks()
        moveSection()
        let tasks = isGood ? plan() : nil
        return Migration(changes: changes, findings: findings.inPlaces, calls: calls, tasks: tasks)
    }

    private var isGood: Bool { !findings.contains { $0.severity == .error } }

    private var changes: [Migration.FileChange] {
        touched.compactMap { path in
            guard let old = original[path], let new = files.edited[files.absolutePath(of: path)], old != new else {
                return nil
            }
            return Migration.FileChange(path: path, old: old, new: new)
        }
    }

    // MARK: Blocks, each where it is written

    private mutating func editBlocks(_ calls: [OsbuildCall]) {
        var done: Set<SourceLocation> = []
        var byFile: [String: [OsbuildBlock]] = [:]
        for block in OsbuildBlock.all(in: document) where done.insert(block.location).inserted {
            byFile[block.location.file, default: []].append(block)
        }
        for (file, blocks) in byFile.sorted(by: { $0.key < $1.key }) {
            guard let tree = tree(file) else {
                for block in blocks { notLiteral("the block \(block.name)", block.location) }
                continue
            }
            var edits = FileEdits(tree)
            for block in blocks {
                guard let node = tree.node(at: block.location), case .mapping = node.kind else {
                    notLiteral("the block \(block.name)", block.location)
                    continue
                }
                let arches = Set(calls.filter { $0.name == block.name }.flatMap(\.arches)).sorted(by: byCodePoint)
                var migration = BlockMigration(
                    block: block, node: node, builtArches: arches, options: options,
                    release: settings.releaseVersion.value, edits: edits)
                migration.run()
                edits = migration.edits
                findings += migration.findings
            }
            apply(edits, file)
        }
    }

    // MARK: Options beside the section

    private static let fallbacks = ["target", "release", "version"]

    private mutating func renameFallbacks() {
        for key in Self.fallbacks {
            let (old, new) = ("osbuild_\(key)", "imagebuilder_\(key)")
            guard let value = document[old] else { continue }
            let target = key == "target" ? value.string.map { options.target.target(for: $0) } : nil
            if let other = document[new], other != value, other.string == nil || other.string != target {
                report(
                    .error, "migrate.clash", "\(old) is \(value), but \(new) is set to \(other)",
                    document.definitions[old], fix: "decide which of them is meant for the images of osbuild")
                continue
            }
            guard let file = document.definitions[old]?.file, let tree = tree(file) else {
                notLiteral(old, document.definitions[old])
                continue
            }
            var edits = FileEdits(tree)
            for assignment in tree.assignments(of: old) {
                guard document[new] == nil else {
                    edits.remove(assignment.range)
                    continue
                }
                edits.replace(assignment.name.range, with: new)
                guard let target, let text = value.string, target != text else { continue }
                guard edits.retarget(assignment.value, from: text, to: target) else {
                    notLiteral(old, document.definitions[old])
                    continue
                }
                report(
                    .note, "migrate.target", "the build target \(text) becomes \(target)", value.location,
                    fix: "see with preflight that it is there")
            }
            apply(edits, file)
        }
    }

    // MARK: The section

    private mutating func moveSection() {
        guard let place = document.definitions["osbuild"] else { return }
        guard let tree = tree(place.file), let section = tree.assignments(of: "osbuild").last else {
            return notLiteral("the section osbuild", place)
        }
        guard let other = document.definitions["imagebuilder"] else {
            var edits = FileEdits(tree)
            for assignment in tree.assignments(of: "osbuild") {
                edits.replace(assignment.name.range, with: "imagebuilder")
            }
            return apply(edits, place.file)
        }
        guard case .mapping(let entries) = section.value.kind, let there = self.tree(other.file),
            let known = there.assignments(of: "imagebuilder").last, case .mapping = known.value.kind
        else { return notLiteral("the section osbuild or imagebuilder", place) }
        var edits = FileEdits(there)
        for entry in entries { add(entry, of: tree, to: known.value, &edits) }
        if files.absolutePath(of: place.file) == files.absolutePath(of: other.file) {
            edits.remove(section.range)
            apply(edits, other.file)
        } else {
            apply(edits, other.file)
            var removal = FileEdits(tree)
            removal.remove(section.range)
            apply(removal, place.file)
        }
    }

    /// Puts the blocks of a pattern behind those that the pattern has already, or the whole entry behind the last one.
    private mutating func add(
        _ entry: SourceNode.Entry, of tree: SourceTree, to section: SourceNode, _ edits: inout FileEdits
    ) {
        if let key = entry.key.string, let known = section.entry(key) {
            guard case .list(let old) = known.value.kind, case .list(let new) = entry.value.kind else {
                return notLiteral("the blocks of \(key)", known.key.location)
            }
            guard let first = new.first, let last = new.last else { return }
            let text = tree.text(first.range.lowerBound..<last.range.upperBound)
            insert(text, behind: old.last?.range, in: known.value.range, &edits)
        } else {
            insert(tree.text(entry.range), behind: section.entries.last?.range, in: section.range, &edits)
        }
    }

    private func insert(
        _ text: String, behind last: Range<Int>?, in container: Range<Int>, _ edits: inout FileEdits
    ) {
        guard let last else { return edits.insert(text, at: container.lowerBound + 1) }
        edits.insert(edits.tree.separator(before: last) + text, at: last.upperBound)
    }

    // MARK: The result

    /// The plan of what the files say now, or why there is none.
    private mutating func plan() -> [ImageTask]? {
        do {
            let document = try ConfigDocument.load(path: path, from: files)
            let settings = try SettingsReader.read(document).settings
            func plan(_ settings: ComposeSettings) -> PhasePlan {
                PhasePlanner(
                    settings: settings, variants: variants, compose: compose, composeDirectory: "/" + compose.id,
                    namesHub: false
                ).plan()
            }
            let before = Set(plan(self.settings).tasks.map(\.id))
            let known = Set(plan(self.settings).diagnostics.map(\.message))
            let after = plan(settings)
            findings += after.diagnostics.filter { $0.severity == .error && !known.contains($0.message) }
            return after.tasks.filter { !before.contains($0.id) }
        } catch {
            let first = error.diagnostics.first { $0.severity == .error }
            report(
                .error, "migrate.result", "the result is not good: \(first?.message ?? "it cannot be read")",
                first?.location)
            return nil
        }
    }

    // MARK: Files

    /// Nil for a file that is not in kobo's language.
    private mutating func tree(_ file: String) -> SourceTree? {
        guard !file.hasSuffix(".json"), let bytes = try? files.read(path: file, limit: ConfigLimits.standard.fileBytes)
        else { return nil }
        if original[file] == nil { original[file] = bytes }
        return try? SourceTree.read(bytes: bytes, path: file)
    }

    private mutating func apply(_ edits: FileEdits, _ file: String) {
        guard !edits.edits.isEmpty else { return }
        do {
            files.edited[files.absolutePath(of: file)] = try edits.applied()
            if !touched.contains(file) { touched.append(file) }
        } catch {
            report(
                .error, "migrate.not-literal", "\(file) cannot be edited: \(error)",
                SourceLocation(file: file, line: 1, column: 1), fix: "write the blocks out one by one")
        }
    }

    private mutating func notLiteral(_ what: String, _ place: SourceLocation?) {
        report(
            .error, "migrate.not-literal", "\(what) is not written out in a file in kobo's language", place,
            fix: "write it out, then migrate")
    }

    private mutating func report(
        _ severity: Severity, _ code: String, _ message: String, _ place: SourceLocation?, fix: String? = nil
    ) {
        findings.append(Diagnostic(severity: severity, code: code, message: message, location: place, fix: fix))
    }
}

extension SourceTree {
    /// What stands between a value and the next one, made as it is before `range`: a comma and a blank, or a line break
    /// and the same indentation.
    fileprivate func separator(before range: Range<Int>) -> String {
        var start = range.lowerBound
        while start > 0, bytes[start - 1] == UInt8(ascii: " ") || bytes[start - 1] == UInt8(ascii: "\t") { start -= 1 }
        guard start > 0, bytes[start - 1] == UInt8(ascii: "\n") else { return ", " }
        return ",\n" + text(start..<range.lowerBound)
    }
}

extension [Diagnostic] {
    /// By place; those without one come last.
    fileprivate var inPlaces: [Diagnostic] {
        enumerated().sorted { left, right in
            switch (left.element.location, right.element.location) {
            case (let a?, let b?) where a != b: a < b
            case (nil, _?): false
            case (_?, nil): true
            default: left.offset < right.offset
            }
        }.map(\.element)
    }
}
