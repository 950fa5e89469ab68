import LibXML

/// What tells two states of a package repository apart: the revision of its `repodata/repomd.xml`, and its digest.
package struct RepositoryIndex: Sendable, Hashable {
    /// Where it lies in a repository.
    static let path = "repodata/repomd.xml"

    /// As createrepo_c writes it, mostly seconds since 1970; nil where the index names none.
    package var revision: String?
    /// SHA-256 of the file, hexadecimal. Indexes of one revision may differ.
    package var checksum: String

    package init(revision: String?, checksum: String) {
        self.revision = revision
        self.checksum = checksum
    }

    /// For messages.
    var shown: String { revision.map { "revision \($0)" } ?? "checksum \(checksum.prefix(12))" }

    package struct Unreadable: Error, Sendable, Hashable {
        package let message: String
    }

    /// - Parameter name: what failures call the file.
    package static func read(_ bytes: [UInt8], name: String) throws(Unreadable) -> RepositoryIndex {
        let digest = RunningDigest(["sha256"])
        bytes.withUnsafeBytes { digest.update($0) }
        guard let checksum = digest.finish()["sha256"] else { throw Unreadable(message: "OpenSSL makes no SHA-256") }
        do {
            return RepositoryIndex(revision: try revision(bytes, name), checksum: checksum)
        } catch let failure as XMLFailure {
            throw Unreadable(message: failure.description)
        } catch let failure as Unreadable {
            throw failure
        } catch {
            throw Unreadable(message: "\(error)")
        }
    }

    private static func revision(_ bytes: [UInt8], _ name: String) throws -> String? {
        let reader = try XMLReader(bytes: bytes, name: name, allowsDoctype: true)
        var depth = 0
        var isRevision = false
        var revision: String?
        while let event = try reader.next() {
            switch event {
            case .start(let element, _):
                depth += 1
                if depth == 1, element != "repomd" {
                    throw Unreadable(message: "\(name) is no index of a package repository: it begins with \(element)")
                }
                isRevision = depth == 2 && element == "revision"
            case .text(let text):
                guard isRevision, revision == nil else { continue }
                let trimmed = text.drop(while: \.isWhitespace).prefix(100)
                let words = trimmed.split(whereSeparator: \.isWhitespace)
                revision = words.isEmpty ? nil : words.joined(separator: " ")
            case .end:
                depth -= 1
                isRevision = false
            }
        }
        return revision
    }
}
