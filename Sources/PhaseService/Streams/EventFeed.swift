import ComposePhase
import Glibc
import ProductMD

/// The lines of a run's `events.jsonl` by their numbers, while it is being written, for any number of readers.
///
/// A reader asks for what follows the last line that it has; how fast it is concerns nobody else. The newest lines are kept
/// ready, older ones are read from the file again.
actor EventFeed {
    /// A line, ready to be sent.
    struct Frame: Sendable {
        let number: Int
        let bytes: [UInt8]
    }

    private let path: String
    /// Where each line begins; one more than there are lines.
    private var begins: [Int] = [0]
    private var recent: [Frame] = []
    private var recentBytes = 0
    private var splitterRest: [UInt8] = []
    private var inode: ino_t?
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var tickets = 0
    /// The run has ended: no line will follow those that are there.
    private(set) var isOver = false

    /// So many bytes of lines are kept ready.
    static let kept = 4 << 20
    /// So many bytes are handed over at a time.
    static let portion = 64 << 10

    init(path: String) { self.path = path }

    /// How many lines there are.
    var count: Int { begins.count - 1 }

    /// Takes in what was added to the file.
    ///
    /// - Parameter isOver: whether nothing will be added any more.
    func readOn(isOver: Bool) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer {
            if descriptor >= 0 { close(descriptor) }
            if isOver != self.isOver {
                self.isOver = isOver
                wake()
            }
        }
        guard descriptor >= 0 else { return }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return }
        let known = (begins.last ?? 0) + splitterRest.count
        // Another file under this name, or a cut one: the numbers begin again.
        if (inode != nil && inode != info.st_ino) || Int(info.st_size) < known { forget() }
        inode = info.st_ino
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        var hasMore = true
        var isNew = false
        while hasMore {
            let offset = (begins.last ?? 0) + splitterRest.count
            let read = pread(descriptor, &piece, piece.count, off_t(offset))
            if read < 0, errno == EINTR { continue }
            hasMore = read > 0
            if read > 0 { isNew = take(piece[..<read]) || isNew }
        }
        if isNew { wake() }
    }

    private func forget() {
        begins = [0]
        recent = []
        recentBytes = 0
        splitterRest = []
    }

    private func take(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        var isNew = false
        while let newline = rest.firstIndex(of: 10) {
            let line = splitterRest + rest[..<newline]
            splitterRest = []
            rest = rest[rest.index(after: newline)...]
            begins.append((begins.last ?? 0) + line.count + 1)
            keep(Self.frame(line, number: count))
            isNew = true
        }
        splitterRest += rest
        return isNew
    }

    private func keep(_ frame: Frame) {
        recent.append(frame)
        recentBytes += frame.bytes.count
        guard recentBytes > Self.kept else { return }
        var gone = 0
        while recentBytes > Self.kept / 2, gone < recent.count - 1 {
            recentBytes -= recent[gone].bytes.count
            gone += 1
        }
        recent.removeFirst(gone)
    }

    /// A line as an event of a stream. A torn line is passed over by readers, as in the file.
    private static func frame(_ line: [UInt8], number: Int) -> Frame {
        let name = (try? JSONReader.read(line, name: "event"))?["event"]?.string ?? "unreadable"
        let safe = name.utf8.allSatisfy { $0 == 45 || isalnum(Int32($0)) != 0 } ? name : "unreadable"
        // Lines are ASCII without line breaks; a torn one may be anything, and a bare return would end the field.
        let data = line.map { $0 == 13 ? 32 : $0 }
        return Frame(number: number, bytes: Array("id: \(number)\nevent: \(safe)\ndata: ".utf8) + data + [10, 10])
    }

    /// The lines behind this one, as many as go into a portion; at least one if there is any.
    func frames(after number: Int) -> [Frame] {
        guard number < count, number >= 0 else { return [] }
        let first = count - recent.count + 1
        var frames: [Frame] = []
        var size = 0
        if number + 1 >= first {
            for frame in recent[(number + 1 - first)...] {
                guard frames.isEmpty || size + frame.bytes.count <= Self.portion else { break }
                size += frame.bytes.count
                frames.append(frame)
            }
            return frames
        }
        return old(after: number, before: first)
    }

    /// Lines that are not kept any more.
    private func old(after number: Int, before first: Int) -> [Frame] {
        var last = number + 1
        while last + 1 < first, begins[last + 1] - begins[number] <= Self.portion { last += 1 }
        let size = begins[last] - begins[number]
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: size)
        guard pread(descriptor, &bytes, size, off_t(begins[number])) == size else { return [] }
        return (number + 1...last).map { line in
            let begin = begins[line - 1] - begins[number]
            let end = begins[line] - begins[number] - 1
            return Self.frame(Array(bytes[begin..<end]), number: line)
        }
    }

    /// Waits until there is a line behind this one, the run is over, or the next beat.
    func wait(after number: Int) async {
        guard number >= count, !isOver else { return }
        tickets += 1
        let ticket = tickets
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume() }
                waiting[ticket] = continuation
            }
        } onCancel: {
            Task { await self.wake(ticket) }
        }
    }

    /// Whether anybody waits.
    var hasReaders: Bool { !waiting.isEmpty }

    /// Lets every reader that waits say that it is still here.
    func beat() { wake() }

    private func wake() {
        let all = waiting.values
        waiting = [:]
        for continuation in all { continuation.resume() }
    }

    private func wake(_ ticket: Int) { waiting.removeValue(forKey: ticket)?.resume() }
}
