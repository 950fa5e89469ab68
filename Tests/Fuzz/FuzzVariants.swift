import LibYAML
import PungiConfig

/// What a fuzzer runs on any bytes: nothing here may crash, hang or take memory without end.
package enum FuzzVariants {
    /// As a variants.xml, alone and with filters.
    package static func variants(_ bytes: [UInt8]) {
        for (arches, variants) in [([], []), (["x86_64"], ["Server", "Server-optional"])] as [([String], [String])] {
            do {
                let set = try VariantSet.load(
                    bytes: bytes, path: "variants.xml", treeArches: arches, treeVariants: variants)
                precondition(set.all.allSatisfy { set[$0.uid] != nil })
            } catch {
                precondition(error.diagnostics.contains { $0.severity == .error })
                _ = error.description
            }
        }
    }

    /// As a pattern, matched with itself and with usual uids.
    package static func pattern(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let pattern = try? VariantPattern(text) else { return }
        for uid in [text, "Server", "Server-optional", "", String(repeating: "a", count: 100)] {
            _ = try? pattern.matches(uid)
        }
    }

    /// As YAML: what can be read must be written so that it is read again as the same.
    package static func yaml(_ bytes: [UInt8]) {
        guard let value = try? YAMLReader.read(bytes, name: "f").resolved(in: "f"),
            let written = try? YAMLWriter.write(value)
        else { return }
        let again = try? YAMLReader.read(written, name: "f").resolved(in: "f")
        precondition(again.flatMap { try? YAMLWriter.write($0) } == written)
    }
}
