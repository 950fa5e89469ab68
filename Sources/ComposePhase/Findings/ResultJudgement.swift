import Koji
import ProductMD

/// Looks at what a task made for what nobody may miss: nothing vanishes, and nothing grows or shrinks unseen.
package struct ResultJudgement: Sendable {
    private let policy: ResultPolicy
    private let previous: PreviousImages?

    /// - Parameter previous: what sizes are compared with; nil compares none.
    package init(policy: ResultPolicy = ResultPolicy(), previous: PreviousImages? = nil) {
        self.policy = policy
        self.previous = previous
    }

    /// More bytes are not even fetched.
    package var mostBytes: Int {
        policy.answer(to: .sizeLimit) == .fail ? policy.mostBytes ?? .max : .max
    }

    /// Findings about one arch, by what becomes of them. What is ignored is in neither.
    ///
    /// - Parameters:
    ///   - unknown: names of files that are not known as anything.
    ///   - images: what was fetched.
    package func findings(
        of arch: String, in task: ImageTask, unknown: [String], images: [CollectedImage]
    ) -> (warnings: [ResultFinding], failures: [ResultFinding]) {
        var found = unknown.map { name in
            ResultFinding(
                code: .unknownOutput, arch: arch, file: name,
                message: "\(name) is of a kind that the metadata have no type for; it is not in the compose")
        }
        for type in task.params.dropFirst(2).first?.array?.compactMap(\.string) ?? [] {
            guard let suffix = ImageTypeOutputs.suffix(of: type),
                !images.contains(where: { $0.path.hasSuffix(suffix) })
            else { continue }
            let there = images.map { $0.path.split(separator: "/").last.map(String.init) ?? $0.path }
            found.append(
                ResultFinding(
                    code: .fewerFiles, arch: arch, file: "*.\(suffix)",
                    message: "image type \(type) makes a file *.\(suffix), which is not there; there are"
                        + " \(there.joined(separator: ", "))"))
        }
        for image in images { found += sizes(of: image, in: task) }
        return (
            found.filter { policy.answer(to: $0.code) == .warn }, found.filter { policy.answer(to: $0.code) == .fail }
        )
    }

    private func sizes(of image: CollectedImage, in task: ImageTask) -> [ResultFinding] {
        let name = image.path.split(separator: "/").last.map(String.init) ?? image.path
        var found: [ResultFinding] = []
        if let most = policy.mostBytes, image.size > most {
            found.append(
                ResultFinding(
                    code: .sizeLimit, arch: image.arch, file: name,
                    message: "\(name) has \(image.size) bytes; the limit of the settings is \(most)"))
        }
        if let previous,
            let before = previous.size(
                variant: image.variant, arch: image.arch, subvariant: image.subvariant, type: image.type,
                format: image.format),
            before > 0
        {
            let change = (Double(image.size) / Double(before) - 1) * 100
            if abs(change) > Double(policy.drift) {
                let percent =
                    change < 0 ? "\(Int((-change).rounded())) % less" : "\(Int(min(change, 1e9).rounded())) % more"
                found.append(
                    ResultFinding(
                        code: .sizeDrift, arch: image.arch, file: name,
                        message:
                            "\(name) has \(image.size) bytes, \(percent) than the \(before) in \(previous.composeID)"))
            }
        }
        return found
    }
}
