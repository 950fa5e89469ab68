import PungiConfig

/// Names, versions and releases that trouble the hub or the next compose.
struct NVRRules {
    let subject: LintSubject

    func check(_ diagnostics: inout [Diagnostic]) {
        for block in subject.blocks {
            let version = resolved(block.version?.value) ?? subject.lint.compose.imageVersion
            let place = block.version?.location ?? subject.lint.settings.releaseVersion.location
            checkHyphen(version, "version", of: block, at: place, &diagnostics)
            if let release = block.release, let text = resolved(release.value) {
                checkHyphen(text, "release", of: block, at: release.location, &diagnostics)
            }
            if let release = block.release { checkDated(release, of: block, &diagnostics) }
        }
        checkNameFormats(&diagnostics)
    }

    /// What stands in the request; nil for an empty or absent text, and for a generator that planning refuses.
    private func resolved(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        do {
            return try VersionGenerator.named(text)?.value(in: subject.lint.compose) ?? text
        } catch {
            return nil
        }
    }

    /// The hub takes a hyphen in the version or release of an image, but name-version-release can then be taken apart in
    /// more than one way, and it cannot count on from such a release.
    private func checkHyphen(
        _ text: String, _ what: String, of block: LintedBlock, at location: SourceLocation,
        _ diagnostics: inout [Diagnostic]
    ) {
        guard text.contains("-") else { return }
        let isAutomatic = block.release == nil
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.nvr-hyphen",
                message: "the \(what) '\(text)' of \(block.name) has a hyphen: its NVR can be taken apart in two ways"
                    + (isAutomatic ? ", and the hub is asked for the next release of it" : ""),
                location: location,
                notes: ["after such a release the hub cannot make the next one of that name and version"],
                fix: "write \(text.replacing("-", with: "_"))"))
    }

    /// A date written by hand: the compose of tomorrow, or the second of today, asks for an NVR that exists.
    private func checkDated(
        _ release: Located<String?>, of block: LintedBlock, _ diagnostics: inout [Diagnostic]
    ) {
        guard let text = release.value, !block.isScratch, Self.isDated(text) else { return }
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.respin-fixed",
                message: "the release '\(text)' of \(block.name) is a date and respin written by hand: the hub builds"
                    + " an NVR once, so the next compose fails",
                location: release.location, notes: [],
                fix: "use \"\(VersionGenerator.release.rawValue)\" or \"\(VersionGenerator.releaseFromDate.rawValue)\"")
        )
    }

    /// `20261122.0`, `20261122.n.0`
    private static func isDated(_ text: String) -> Bool {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 2 || words.count == 3, let date = words.first, let respin = words.last else {
            return false
        }
        return date.count == 8 && date.hasPrefix("20") && date.allSatisfy(\.isNumber) && !respin.isEmpty
            && respin.allSatisfy(\.isNumber)
    }

    /// Names of files that hold the date, but a fixed respin: the second compose of a day is taken for the first.
    private func checkNameFormats(_ diagnostics: inout [Diagnostic]) {
        for option in ["media_checksum_base_filename", "image_name_format"] {
            for value in strings(subject.lint.document[option]) {
                guard let text = value.string, text.contains("%(date)s"), !text.contains("%(respin)s"),
                    let fixed = ["%(date)s.0", "%(date)s%(type_suffix)s.0", "%(date)s%(compose_type_suffix)s.0"].first(
                        where: text.contains)
                else { continue }
                diagnostics.append(
                    Diagnostic(
                        severity: .warning, code: "lint.respin-fixed",
                        message: "\(option) has the date of the compose with a respin that is always 0",
                        location: value.location, notes: ["several composes a day have respins above 0"],
                        fix: "write \(fixed.dropLast())%(respin)s"))
            }
        }
    }

    /// The value's strings: itself, or those of a mapping.
    private func strings(_ value: ConfigValue?) -> [ConfigValue] {
        guard let value else { return [] }
        return value.dict?.entries.map(\.value) ?? [value]
    }
}
