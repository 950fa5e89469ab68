/// One thing that was looked at before anything is submitted.
package struct PreflightCheck: Sendable, Hashable {
    /// What a check is about; the order is that of the report.
    package enum Subject: String, Sendable, Hashable, CaseIterable, Comparable {
        case hub, login, permission, plugin, channel, builders, target, package, release, repository, ostree, toolchain

        package static func < (left: Self, right: Self) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    package enum Verdict: String, Sendable, Hashable {
        case passed
        /// It may do harm, or cannot be told for certain.
        case warning
        case failed
        /// Nobody could look, or there is nothing to look at yet.
        case notChecked = "not checked"
    }

    package var subject: Subject
    /// Which one: a target, a URL, an arch.
    package var name: String
    package var verdict: Verdict
    /// What was found, for a person; without a full stop.
    package var finding: String
    /// What to do about it; there for a failed one, unless the finding says it.
    package var remedy: String?
    /// The tasks that it is about; nil is all of them.
    package var tasks: [ImageTaskID]?
    /// The only arch of those tasks that it is about; nil is all of them.
    package var arch: String?

    package init(
        _ subject: Subject, _ name: String, _ verdict: Verdict, _ finding: String, remedy: String? = nil,
        tasks: [ImageTaskID]? = nil, arch: String? = nil
    ) {
        self.subject = subject
        self.name = name
        self.verdict = verdict
        self.finding = finding
        self.remedy = remedy
        self.tasks = tasks
        self.arch = arch
    }

    /// All of it in one line.
    package var sentence: String {
        "\(subject.rawValue) \(name): \(finding)" + (remedy.map { "; \($0)" } ?? "")
    }

    /// Whether the hub itself cannot be used: exit status 4.
    package var makesHubUnusable: Bool {
        guard verdict == .failed else { return false }
        switch subject {
        case .hub, .login, .permission, .plugin: return true
        case .channel, .builders, .target, .package, .release, .repository, .ostree, .toolchain: return false
        }
    }
}
