import Glibc
import Koji
import Synchronization

extension WebFiles {
    /// A file that is coming: what of it is on disk, and what is digested.
    ///
    /// One task drives it; the transport's thread only counts.
    final class Fetch: Sendable {
        let file: WantedFile
        let url: String
        let partial: String
        private let descriptor: Int32
        private let kinds: Set<String>
        private let pastCaches: Bool
        private let state: Mutex<State>

        private struct State {
            var got = 0
            var digest: FollowingDigest
            /// What tells one version of the file from another, as the first answer had it.
            var validator: String?
            var modified: String?
        }

        /// - Parameters:
        ///   - continuing: go on with what lies in `partial`.
        ///   - pastCaches: ask for the file itself, and not for what a proxy has of it.
        init(
            _ file: WantedFile, url: String, kinds: Set<String>, to partial: String, continuing: Bool, pastCaches: Bool
        ) throws(FetchFailure) {
            self.file = file
            self.url = url
            self.partial = partial
            self.pastCaches = pastCaches
            self.kinds = kinds.union(file.digest.map { [$0.kind] } ?? [])
            descriptor = open(partial, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                throw .final(AtomicFile.Failure(path: partial, operation: "write", code: errno).asTaskFailure)
            }
            var info = stat()
            let isFile = fstat(descriptor, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
            var got = isFile && continuing ? Int(info.st_size) : 0
            if got > file.mostBytes { got = 0 }
            state = Mutex(State(got: got, digest: FollowingDigest(descriptor: descriptor, kinds: self.kinds)))
            guard isFile, ftruncate(descriptor, off_t(got)) == 0, lseek(descriptor, off_t(got), SEEK_SET) == got else {
                let code = errno
                Glibc.close(descriptor)
                throw .final(AtomicFile.Failure(path: partial, operation: "write", code: code).asTaskFailure)
            }
            state.withLock { $0.digest.reached(got) }
        }

        /// Bytes that are here.
        var got: Int { state.withLock(\.got) }

        /// Whether all bytes that the hub recorded are here.
        var isWhole: Bool { file.size.map { $0 == got && $0 > 0 } ?? false }

        /// For what is still to come.
        var request: HTTPDownload {
            let got = got
            return HTTPDownload(
                url: url, headers: pastCaches ? [HTTPHeader("Cache-Control", "no-cache")] : [], offset: got,
                descriptor: descriptor, limit: file.mostBytes == .max ? nil : file.mostBytes - got,
                onBytes: { bytes in
                    self.state.withLock { state in
                        state.got += bytes.count
                        state.digest.reached(state.got)
                    }
                })
        }

        /// Whether an answer is of the same version of the file as those before it.
        func isOfOnePiece(_ headers: HTTPHeaders) -> Bool {
            let validator = headers["ETag"] ?? headers["Last-Modified"]
            return state.withLock { state in
                defer {
                    state.validator = state.validator ?? validator
                    state.modified = headers["Last-Modified"]
                }
                return state.validator == nil || validator == nil || state.validator == validator
            }
        }

        /// Throws away what is here.
        func startOver() async throws(FetchFailure) {
            let old = state.withLock { state in
                let old = state.digest
                state = State(digest: FollowingDigest(descriptor: descriptor, kinds: kinds))
                return old
            }
            // It may be reading; what comes of it does not matter any more.
            _ = try? await old.finish()
            guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
                throw .final(AtomicFile.Failure(path: partial, operation: "write", code: errno).asTaskFailure)
            }
        }

        /// Makes the file safe on disk.
        ///
        /// - Returns: its digests.
        func finish() async throws(FetchFailure) -> [String: String] {
            do throws(AtomicFile.Failure) {
                let digests = try await state.withLock(\.digest).finish()
                stamp()
                let code = await DiskThreads.run { fsync(self.descriptor) == 0 ? 0 : errno }
                guard code == 0 else { throw AtomicFile.Failure(path: partial, operation: "write", code: code) }
                return digests
            } catch {
                throw .final(error.asTaskFailure)
            }
        }

        /// Gives the file the builder's time, as a link or a copy from the mounted tree has it: the metadata then say the
        /// same whichever way it came, and whenever. Without a time that can be read it is that of the fetch.
        private func stamp() {
            guard let modified = state.withLock(\.modified), let seconds = HTTPDate.seconds(modified), seconds > 0
            else { return }
            let time = timespec(tv_sec: seconds, tv_nsec: 0)
            var times = [time, time]
            futimens(descriptor, &times)
        }

        func close() { Glibc.close(descriptor) }
    }
}
