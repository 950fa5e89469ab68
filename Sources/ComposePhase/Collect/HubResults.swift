package import Koji

/// What the hub knows of a good task's results.
package struct HubResults: Sendable, Hashable {
    package struct Arch: Sendable, Hashable {
        /// The arch child.
        package var id: TaskID
        package var arch: String
        package var state: TaskState
        /// Nil unless the child is CLOSED.
        package var output: Output?
        /// Why the child failed, where it did.
        package var fault: String?

        package init(id: TaskID, arch: String, state: TaskState, output: Output?, fault: String?) {
            self.id = id
            self.arch = arch
            self.state = state
            self.output = output
            self.fault = fault
        }
    }

    /// What an arch child says it made.
    package struct Output: Sendable, Hashable {
        package var name: String
        package var version: String
        package var release: String
        package var files: [String]

        package init(name: String, version: String, release: String, files: [String]) {
            self.name = name
            self.version = version
            self.release = release
            self.files = files
        }

        package var nvr: String { "\(name)-\(version)-\(release)" }
    }

    /// A complete build, with its volume; nil for a scratch task.
    package struct Build: Sendable, Hashable {
        package var id: Int
        package var name: String
        package var version: String
        package var release: String
        package var volume: String

        package init(id: Int, name: String, version: String, release: String, volume: String) {
            self.id = id
            self.name = name
            self.version = version
            self.release = release
            self.volume = volume
        }

        package var nvr: String { "\(name)-\(version)-\(release)" }
    }

    /// What the hub recorded of one file of a build.
    package struct Archive: Sendable, Hashable {
        package var id: Int
        /// Bytes.
        package var size: Int
        package var digest: WantedFile.Digest?
        /// Nil where the hub does not say.
        package var arch: String?

        package init(id: Int, size: Int, digest: WantedFile.Digest?, arch: String? = nil) {
            self.id = id
            self.size = size
            self.digest = digest
            self.arch = arch
        }
    }

    /// A file in a task's output directory, which has no checksum.
    package struct Left: Sendable, Hashable {
        /// Bytes.
        package var size: Int
        /// Where it lies.
        package var volume: String

        package init(size: Int, volume: String) {
            self.size = size
            self.volume = volume
        }
    }

    package var build: Build?
    package var arches: [Arch]
    /// By file name; empty for a scratch task, for which the hub keeps no checksums.
    package var archives: [String: Archive]
    /// Of a scratch task: what lies in the output directories of its arch tasks, by file name. Empty where the hub has
    /// swept them.
    package var outputs: [TaskID: [String: Left]]

    package init(
        build: Build?, arches: [Arch], archives: [String: Archive], outputs: [TaskID: [String: Left]] = [:]
    ) {
        self.build = build
        self.arches = arches
        self.archives = archives
        self.outputs = outputs
    }
}
