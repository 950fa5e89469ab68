import Glibc
import Subprocess
import SystemPackage

/// The files of a git revision, in a temporary directory: a configuration is read there with the imports and variants
/// that it had.
///
/// Nothing of the repository changes: the files are written by way of an index of our own, so that no hook runs and no
/// branch, worktree or lock of the user's is touched.
struct GitRevision {
    /// As the user named it.
    let name: String
    /// The temporary directory; everything in it is ours.
    private let directory: String
    /// The configuration within the revision.
    private let path: String

    /// Where the configuration lies now.
    var config: String { tree + path }
    /// What it is called: `REV:path`.
    var shownConfig: String { "\(name):\(path)" }

    private var tree: String { "\(directory)/tree/" }

    /// The text with `REV:path` for paths below the temporary directory.
    func shown(_ text: String) -> String { text.replacing(tree, with: "\(name):") }

    /// Writes the files of a revision down.
    ///
    /// - Parameter config: the configuration as a path of the working tree; it need not be there any more.
    /// - Throws: ``VerbFailure`` 2, with what git says.
    static func checkOut(_ name: String, of config: String) async throws -> GitRevision {
        guard !name.isEmpty, !name.hasPrefix("-") else {
            throw VerbFailure(.invalid, "'\(name)' is no revision of git")
        }
        let (place, rest) = existingDirectory(of: Paths.absolute(config))
        let commit = try await git(["rev-parse", "--verify", "--quiet", "\(name)^{commit}"], in: place) { said in
            "\(name) is no revision of the git repository that \(config) is in" + (said.isEmpty ? "" : ": \(said)")
        }
        let top = try await git(["rev-parse", "--show-toplevel"], in: place)
        let prefix = try await git(["rev-parse", "--show-prefix"], in: place)
        let directory = try temporaryDirectory()
        let revision = GitRevision(name: name, directory: directory, path: prefix + rest)
        do {
            let index: [Environment.Key: String?] = ["GIT_INDEX_FILE": "\(directory)/index"]
            _ = try await git(["read-tree", commit], in: top, index)
            _ = try await git(["checkout-index", "--all", "--quiet", "--prefix=\(revision.tree)"], in: top, index)
        } catch {
            revision.remove()
            throw error
        }
        return revision
    }

    /// Takes the temporary directory away again.
    func remove() { Self.remove(directory) }

    /// Links are removed, and not what they lead to.
    private static func remove(_ path: String) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        guard info.st_mode & S_IFMT == S_IFDIR, let stream = opendir(path) else {
            unlink(path)
            return
        }
        var names: [String] = []
        while let entry = readdir(stream) {
            // The name's bytes lie in the entry itself, up to a 0; they need not be UTF-8, but git's and ours are.
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        closedir(stream)
        for name in names { remove("\(path)/\(name)") }
        rmdir(path)
    }

    // MARK: git

    private static func git(
        _ arguments: [String], in directory: String, _ variables: [Environment.Key: String?] = [:],
        describing: (String) -> String = { $0 }
    ) async throws -> String {
        // Within a hook of git its variables speak of another index and of a repository as seen from elsewhere.
        var changes: [Environment.Key: String?] = [
            "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "KOJI_PASSWORD": nil,
        ]
        for key: Environment.Key in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            changes.updateValue(nil, forKey: key)
        }
        changes.merge(variables) { $1 }
        let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
        do {
            result = try await Subprocess.run(
                .name("git"), arguments: Arguments(arguments), environment: .inherit.updating(changes),
                workingDirectory: FilePath(directory), input: .none, output: .string(limit: 1 << 16),
                error: .string(limit: 1 << 16))
        } catch {
            throw VerbFailure(.invalid, "git cannot be run, which --rev needs: \(error)")
        }
        guard case .exited(0) = result.terminationStatus else {
            let said = result.standardError.split(separator: "\n").joined(separator: "; ")
            let text = describing(said)
            throw VerbFailure(.invalid, text.isEmpty ? "git \(arguments.joined(separator: " ")) failed" : text)
        }
        var text = result.standardOutput
        if text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    // MARK: Places

    /// The nearest directory above a path that is there, and what is left of the path.
    private static func existingDirectory(of path: String) -> (String, rest: String) {
        var directory = path[...]
        var rest: [Substring] = []
        repeat {
            let slash = directory.lastIndex(of: "/") ?? directory.startIndex
            rest.insert(directory[slash...].dropFirst(), at: 0)
            directory = directory[..<slash]
        } while !directory.isEmpty && access(String(directory), X_OK) != 0
        return (directory.isEmpty ? "/" : String(directory), rest.joined(separator: "/"))
    }

    private static func temporaryDirectory() throws -> String {
        let parent = Console.environment("TMPDIR").flatMap { $0.isEmpty ? nil : Paths.absolute($0) } ?? "/tmp"
        var template = Array("\(parent)/phase-runner-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw VerbFailure(
                .invalid, "no temporary directory can be made in \(parent): \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
