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
        package var size: Int
        /// `md5`, `sha1` or `sha256`, and the digest.
        package var checksum: (kind: String, digest: String)?

        package init(size: Int, checksum: (kind: String, digest: String)?) {
            self.size = size
            self.checksum = checksum
        }

        package static func == (left: Self, right: Self) -> Bool {
            left.size == right.size && left.checksum?.kind == right.checksum?.kind
                && left.checksum?.digest == right.checksum?.digest
        }

        package func hash(into hasher: inout Hasher) { hasher.combine(size) }
    }

    package var build: Build?
    package var arches: [Arch]
    /// By file name; empty for a scratch task, for which the hub keeps no checksums.
    package var archives: [String: Archive]

    package init(build: Build?, arches: [Arch], archives: [String: Archive]) {
        self.build = build
        self.arches = arches
        self.archives = archives
    }
}
