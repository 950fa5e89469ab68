import Glibc
import ProductMD

/// One run at a time in a compose: `work/phase-runner/lock` names who works on it.
///
/// Made by a hard link, which is atomic on NFS too. A lock whose process is dead on this host is taken over; one of
/// another host is never broken by itself, because from here nobody can know. On this host the kernel's own lock on the
/// file is held besides, which ends with the process and tells a live owner from a dead one even where process ids are
/// those of another container.
package struct ComposeLock: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private let owner: Owner
    /// Whose lock was taken over: a process of this host that died.
    package let predecessor: Owner?

    /// Who holds a lock, as the file says.
    package struct Owner: Sendable, Hashable, CustomStringConvertible {
        package var host: String
        package var pid: Int32
        /// A boot of the host: process ids of another one mean nothing.
        package var bootID: String
        /// When the process began, in the kernel's ticks: the same number later is another process.
        package var started: String
        /// When the lock was taken, seconds since 1970.
        package var since: Double

        package var description: String { "pid \(pid) on \(host)" }
    }

    /// A lock and what can be known of its owner from here.
    package struct Holder: Sendable, Hashable {
        package let owner: Owner
        /// Nil where it cannot be known: another host.
        package let isAlive: Bool?
    }

    /// Why the lock cannot be had.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// Who this process is, and what it can tell of others; tests put others in its place.
    package struct Identity: Sendable {
        package var host: String
        package var pid: Int32
        package var bootID: String
        package var now: @Sendable () -> Double
        /// The start of a process of this host, in ticks; nil if there is none of this number.
        package var startOf: @Sendable (Int32) -> String?
    }

    // MARK: Taking

    package static func take(
        in layout: ComposeLayout, as identity: Identity = .thisProcess
    ) throws(Failure) -> ComposeLock {
        let path = layout.path(ComposeLayout.lock)
        do {
            try AtomicFile.makeDirectories(layout.path(ComposeLayout.work))
        } catch {
            throw Failure(description: error.description)
        }
        // On this host, judging a lock and taking its place is one step: two who see the same dead owner do not both win.
        let guardFile = open("\(path).guard", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard guardFile >= 0 else { throw failure("lock", "\(path).guard") }
        defer { close(guardFile) }
        guard flock(guardFile, LOCK_EX) == 0 else { throw failure("lock", "\(path).guard") }
        let predecessor = try clearDead(path, layout, identity)
        let owner = Owner(
            host: identity.host, pid: identity.pid, bootID: identity.bootID,
            started: identity.startOf(identity.pid) ?? "", since: identity.now())
        let descriptor = try place(owner, path, layout)
        return ComposeLock(path: path, descriptor: descriptor, owner: owner, predecessor: predecessor)
    }

    /// Takes a dead owner's lock away.
    ///
    /// - Returns: that owner; nil if there was no lock.
    /// - Throws: if the lock is held, or may be.
    private static func clearDead(
        _ path: String, _ layout: ComposeLayout, _ identity: Identity
    ) throws(Failure) -> Owner? {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw failure("open", path) }
            return nil
        }
        defer { close(descriptor) }
        guard let owner = read(path) else {
            throw Failure(
                description: "\(path) is there and names nobody; if no phase-runner works on \(layout.top), remove it")
        }
        let isHeldHere = flock(descriptor, LOCK_EX | LOCK_NB) != 0
        switch judge(owner, identity, isHeldHere: isHeldHere) {
        case .dead: break
        case .alive:
            throw Failure(
                description: "\(layout.top) is in use by another run, \(owner); its state: phase-runner status"
                    + " \(layout.top), to end it: phase-runner cancel \(layout.top)")
        case .unknown:
            throw Failure(
                description: "\(layout.top) is in use by a run on another host, \(owner), since"
                    + " \(Int(identity.now() - owner.since)) s; if that process is dead for good, remove \(path)")
        }
        guard unlink(path) == 0 else { throw failure("remove", path) }
        return owner
    }

    /// Writes who we are under a name of our own, then links it to the lock's.
    private static func place(_ owner: Owner, _ path: String, _ layout: ComposeLayout) throws(Failure) -> Int32 {
        let own = "\(path).\(owner.host).\(owner.pid)"
        unlink(own)
        let descriptor = open(own, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("write", own) }
        do throws(AtomicFile.Failure) {
            try AtomicFile.append(Array(JSONWriter.line(owner.json)), to: descriptor, path: own)
            guard fsync(descriptor) == 0 else {
                throw AtomicFile.Failure(path: own, operation: "write", code: errno)
            }
        } catch {
            unlink(own)
            close(descriptor)
            throw Failure(description: error.description)
        }
        flock(descriptor, LOCK_EX | LOCK_NB)
        _ = link(own, path)
        // On NFS an answer can get lost: what counts is whether the file has two names now.
        var info = stat()
        let isLinked = fstat(descriptor, &info) == 0 && info.st_nlink == 2
        unlink(own)
        guard isLinked else {
            close(descriptor)
            let other = read(path).map { "\($0)" } ?? "another process"
            throw Failure(description: "\(layout.top) was taken by \(other) at this moment")
        }
        return descriptor
    }

    private init(path: String, descriptor: Int32, owner: Owner, predecessor: Owner?) {
        self.path = path
        self.descriptor = descriptor
        self.owner = owner
        self.predecessor = predecessor
    }

    deinit {
        // Only our own: a person may have removed it, and another process may have taken its place.
        if Self.read(path) == owner { unlink(path) }
        close(descriptor)
    }

    // MARK: Judging

    enum Verdict: Sendable, Hashable { case alive, dead, unknown }

    /// Whether an owner still works, as far as it can be known from here.
    ///
    /// - Parameter isHeldHere: whether a process of this host holds the kernel's lock on the file.
    static func judge(_ owner: Owner, _ identity: Identity, isHeldHere: Bool) -> Verdict {
        if isHeldHere { return .alive }
        guard owner.host == identity.host else { return .unknown }
        guard owner.bootID == identity.bootID else { return .dead }
        guard let started = identity.startOf(owner.pid) else { return .dead }
        return started == owner.started && owner.pid != identity.pid ? .alive : .dead
    }

    /// Who works on a compose; nil if nobody does.
    package static func owner(in layout: ComposeLayout, as identity: Identity = .thisProcess) -> Holder? {
        let path = layout.path(ComposeLayout.lock)
        guard let owner = read(path) else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        // A shared look is enough, and lets go at once.
        let isHeldHere = descriptor >= 0 && flock(descriptor, LOCK_SH | LOCK_NB) != 0
        return switch judge(owner, identity, isHeldHere: isHeldHere) {
        case .alive: Holder(owner: owner, isAlive: true)
        case .dead: Holder(owner: owner, isAlive: false)
        case .unknown: Holder(owner: owner, isAlive: nil)
        }
    }

    private static func read(_ path: String) -> Owner? {
        guard let bytes = (try? AtomicFile.read(path, limit: 1 << 16)) ?? nil,
            let value = try? JSONReader.read(bytes, name: path)
        else { return nil }
        return Owner(json: value)
    }

    private static func failure(_ operation: String, _ path: String) -> Failure {
        Failure(description: AtomicFile.Failure(path: path, operation: operation, code: errno).description)
    }
}

extension ComposeLock.Owner {
    fileprivate var json: JSONValue {
        [
            "program": "phase-runner", "host": .string(host), "pid": .int(Int(pid)), "boot_id": .string(bootID),
            "started": .string(started), "since": .double(since),
        ]
    }

    fileprivate init?(json: JSONValue) {
        guard let host = json["host"]?.string, let pid = json["pid"]?.int, let bootID = json["boot_id"]?.string,
            let started = json["started"]?.string, let since = json["since"]?.double
        else { return nil }
        self.init(host: host, pid: Int32(truncatingIfNeeded: pid), bootID: bootID, started: started, since: since)
    }
}

extension ComposeLock.Identity {
    /// This process, and what `/proc` tells of others.
    package static var thisProcess: Self {
        Self(
            host: hostName, pid: getpid(), bootID: bootID, now: { SystemClock().now().seconds },
            startOf: { startOfProcess($0) })
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static var bootID: String {
        let bytes = (try? AtomicFile.read("/proc/sys/kernel/random/boot_id", limit: 256)) ?? nil
        return String(decoding: (bytes ?? []).filter { $0 > 0x20 }, as: UTF8.self)
    }

    /// Field 22 of `/proc/PID/stat`; the name of the program, the second field, may hold anything.
    private static func startOfProcess(_ pid: Int32) -> String? {
        guard let bytes = (try? AtomicFile.read("/proc/\(pid)/stat", limit: 1 << 16)) ?? nil,
            let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        // A zombie has ended; it only waits for its parent.
        guard fields.count > 19, fields[0].first != UInt8(ascii: "Z") else { return nil }
        return String(decoding: fields[19], as: UTF8.self)
    }
}
