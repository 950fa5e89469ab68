import Glibc

/// A compose directory that this process works on, and on which no other does.
package struct ComposeDirectory: ~Copyable {
    package let layout: ComposeLayout
    /// Whether we made the compose: then its STATUS, COMPOSE_ID and composeinfo.json are ours to write.
    package let isOurs: Bool
    /// Pungi made the compose and is done with it: what is added now, nobody else completes.
    package let isFinished: Bool
    private let lock: ComposeLock

    /// Why a directory cannot be worked on; exit status 5.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
        /// Another run made the new compose first.
        package var isTaken = false
    }

    package enum Place: Sendable, Hashable {
        /// `--compose-dir`: this directory, made if it is not there.
        case composeDirectory(String)
        /// `--target-dir`: a directory of the compose's id below it, which must not be there.
        case newBelow(target: String, id: String)

        package var path: String {
            switch self {
            case .composeDirectory(let path): path
            case .newBelow(let target, let id): target == "/" ? "/\(id)" : "\(target)/\(id)"
            }
        }
    }

    /// Makes or opens the directory and locks it.
    ///
    /// - Parameter amendsFinished: images may be added to a compose that is FINISHED.
    package static func open(
        _ place: Place, given: GivenPlaces = GivenPlaces(), isRehearsal: Bool, amendsFinished: Bool = false
    ) throws -> ComposeDirectory {
        let top = place.path
        var isNew = false
        switch place {
        case .newBelow(let target, _):
            guard isDirectory(target) else {
                throw Failure(
                    description: "the target directory \(target) does not exist or is not a directory; if the path is"
                        + " right, make it with: mkdir -p \(target)")
            }
            guard mkdir(top, 0o755) == 0 else {
                let code = errno
                throw code == EEXIST
                    ? Failure(description: "\(top) exists already; a compose is made once", isTaken: true)
                    : Failure(description: "cannot make \(top): \(String(cString: strerror(code)))")
            }
            isNew = true
        case .composeDirectory:
            if !isDirectory(top) {
                try describing { () throws(AtomicFile.Failure) in try AtomicFile.makeDirectories(top) }
                isNew = true
            } else {
                isNew = try isEmptyDirectory(top)
            }
        }
        let layout = ComposeLayout(top: top, given: given)
        try checkRehearsal(layout, isNew: isNew, isRehearsal: isRehearsal)
        if !amendsFinished { try checkStatus(layout) }
        let lock = try takeLock(layout)
        let isOurs = isNew || AtomicFile.exists(layout.path(ComposeLayout.ownerMark))
        let directory = try ComposeDirectory(layout: layout, isOurs: isOurs, lock: lock)
        guard !AtomicFile.exists(layout.path(ComposeLayout.run)) else {
            throw Failure(
                description: "\(top) holds a run of this program already (\(ComposeLayout.run)); go on with it by"
                    + " phase-runner resume \(top), or start a new compose")
        }
        return directory
    }

    /// Locks the directory of a run that another process began.
    package static func takeUp(
        _ top: String, given: GivenPlaces = GivenPlaces(), isRehearsal: Bool
    ) throws -> ComposeDirectory {
        let layout = ComposeLayout(top: top, given: given)
        try checkRehearsal(layout, isNew: false, isRehearsal: isRehearsal)
        let lock = try takeLock(layout)
        return try ComposeDirectory(
            layout: layout, isOurs: AtomicFile.exists(layout.path(ComposeLayout.ownerMark)), lock: lock)
    }

    /// Locks the directory of a compose whose Pungi died, or whose journal of ours is damaged: that one is put aside.
    ///
    /// - Parameter isHeldByPungi: the compose's Pungi is alive and asks for it itself.
    package static func adopt(
        _ top: String, given: GivenPlaces = GivenPlaces(), isRehearsal: Bool, isHeldByPungi: Bool = false
    ) throws -> ComposeDirectory {
        let layout = ComposeLayout(top: top, given: given)
        try checkRehearsal(layout, isNew: false, isRehearsal: isRehearsal)
        try checkStatus(layout)
        if !isHeldByPungi, let writer = OpenFiles.writer(in: layout) {
            throw Failure(
                description: "\(writer) still works on \(top); a compose is taken over when its Pungi is dead")
        }
        let lock = try takeLock(layout)
        let journal = layout.path(ComposeLayout.journal)
        if AtomicFile.exists(journal) {
            let aside = "\(journal).\(getpid()).damaged"
            guard rename(journal, aside) == 0 else {
                throw Failure(description: "cannot put \(journal) aside: \(String(cString: strerror(errno)))")
            }
        }
        return try ComposeDirectory(
            layout: layout, isOurs: AtomicFile.exists(layout.path(ComposeLayout.ownerMark)), lock: lock)
    }

    /// The first respin from `first` up whose directory can be made, as pungi-koji counts.
    package static func freeRespin(from first: Int, limit: Int = 1000, path: (Int) -> String) throws -> Int {
        for respin in first..<first + limit where !AtomicFile.exists(path(respin)) { return respin }
        throw Failure(description: "no free respin: \(path(first)) to \(path(first + limit - 1)) exist")
    }

    /// Ends nothing: a use of the directory, so that its lock is held at least so long.
    package borrowing func stayLocked() {}

    private init(layout: ComposeLayout, isOurs: Bool, lock: consuming ComposeLock) throws(Failure) {
        let status = try Self.status(layout)
        self.layout = layout
        self.isOurs = isOurs
        isFinished = !isOurs && (status == "FINISHED" || status == "FINISHED_INCOMPLETE")
        self.lock = lock
    }

    // MARK: Checks

    private static func checkStatus(_ layout: ComposeLayout) throws(Failure) {
        guard try status(layout) == "FINISHED" else { return }
        throw Failure(
            description: "\(layout.top) is FINISHED, and a finished compose must not change; what Pungi left out of it"
                + " is added with phase-runner run --compose-dir \(layout.top) --amend-finished")
    }

    /// The word in STATUS; empty where there is none.
    static func status(_ layout: ComposeLayout) throws(Failure) -> String {
        let bytes = try describing { () throws(AtomicFile.Failure) in
            try AtomicFile.read(layout.path(ComposeLayout.status), limit: 4096)
        }
        return String(decoding: bytes ?? [], as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
            ?? ""
    }

    /// One run at a time.
    private static func takeLock(_ layout: ComposeLayout) throws -> ComposeLock {
        do {
            return try ComposeLock.take(in: layout)
        } catch {
            throw Failure(description: error.description)
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    private static func isEmptyDirectory(_ path: String) throws -> Bool {
        try describing { () throws(AtomicFile.Failure) in try FileNames.of(path, atMost: 1) }.isEmpty
    }

    static func describing<Value>(_ body: () throws(AtomicFile.Failure) -> Value) throws(Failure) -> Value {
        do {
            return try body()
        } catch {
            throw Failure(description: error.description)
        }
    }
}
