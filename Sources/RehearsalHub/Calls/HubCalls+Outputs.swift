import Koji

extension HubCalls {
    /// Files of tasks.
    static let outputs: [HubCall] = [
        HubCall("listTaskOutput", ["taskID", "stat=False", "all_volumes=False", "strict=False"]) {
            state, arguments, _ throws(XMLRPCFault) in
            guard let task = state.task(TaskID(try arguments.number("taskID"))) else {
                if arguments.isTrue("strict") { throw .generic("Task doesn't exist") }
                return arguments.isTrue("stat") || arguments.isTrue("all_volumes") ? .object([:]) : .array([])
            }
            let (stat, volumes) = (arguments.isTrue("stat"), arguments.isTrue("all_volumes"))
            guard stat || volumes else { return .strings(task.outputs.map(\.name)) }
            var files: [String: XMLRPCValue] = [:]
            for file in task.outputs {
                files[file.name] =
                    switch (stat, volumes) {
                    case (true, true): .object(["DEFAULT": file.stat])
                    case (true, false): file.stat
                    default: .strings(["DEFAULT"])
                    }
            }
            return .object(files)
        },
        HubCall("downloadTaskOutput", ["taskID", "fileName", "offset=0", "size=-1", "volume=None"]) {
            state, arguments, _ throws(XMLRPCFault) in
            let name = try arguments.text("fileName")
            let id = try arguments.number("taskID")
            guard !name.split(separator: "/", omittingEmptySubsequences: false).contains("..") else {
                throw .generic("Invalid file name: \(name)")
            }
            guard let task = state.task(TaskID(id)), let file = task.outputs.first(where: { $0.name == name }),
                let content = state.content(of: file, task: task)
            else { throw .generic("no file \"\(name)\" output by task \(id)") }
            let (offset, size) = (try arguments.number("offset"), try arguments.number("size"))
            let start = min(content.size, offset < 0 ? max(0, content.size + offset) : offset)
            let count = size < 0 ? content.size - start : min(size, content.size - start)
            return .string(Base64.encode(content.bytes(in: start..<start + count)))
        },
    ]
}

extension OutputFile {
    /// The size is a text: XML-RPC's plain integers were too small for it once.
    fileprivate var stat: XMLRPCValue {
        .object([
            "st_size": .string(String(size)), "st_atime": .timestamp(written), "st_ctime": .timestamp(written),
            "st_mtime": .timestamp(modified),
        ])
    }
}

/// Base64 in one piece, without line feeds.
enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
            for position in 0..<4 {
                text.append(position <= group.count ? letters[bits >> (18 - 6 * position) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
