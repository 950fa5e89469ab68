// A libFuzzer entry over variants.xml and the patterns of the configuration's sections. The bytes are taken as a document
// and as a pattern. Build and run: scripts/fuzz variants

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
}

/// One input of libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzVariants(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    FuzzVariants.variants(bytes)
    FuzzVariants.pattern(bytes)
    return 0
}
