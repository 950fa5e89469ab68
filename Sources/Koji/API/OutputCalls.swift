/// What tasks leave in their output directories.
extension HubQuery where Answer == [OutputFile] {
    /// The files in a task's output directory with their sizes, by name (`listTaskOutput`). Empty also when the hub has
    /// swept them away.
    package static func output(of task: TaskID) -> Self {
        HubQuery("listTaskOutput", [task.xmlrpc], ["stat": .bool(true)]) { answer throws(KojiFailure) in
            // An empty directory comes as an empty struct or an empty list.
            guard case .object(let files) = answer.value else { return [] }
            var output: [OutputFile] = []
            for (name, stat) in files.sorted(by: { $0.key < $1.key }) {
                output.append(OutputFile(name: name, size: try HubOutput.size(stat, answer)))
            }
            return output
        }
    }
}

extension HubQuery where Answer == [VolumeFile] {
    /// The same on all volumes (`listTaskOutput`). A file that lies on several is told of the first in order of names,
    /// DEFAULT before all others.
    package static func outputOnVolumes(of task: TaskID) -> Self {
        HubQuery("listTaskOutput", [task.xmlrpc], ["stat": .bool(true), "all_volumes": .bool(true)]) {
            answer throws(KojiFailure) in
            guard case .object(let files) = answer.value else { return [] }
            var output: [VolumeFile] = []
            for (name, value) in files.sorted(by: { $0.key < $1.key }) {
                guard case .object(let volumes) = value else { continue }
                guard
                    let (volume, stat) = volumes.min(by: {
                        ($0.key == "DEFAULT" ? "" : $0.key) < ($1.key == "DEFAULT" ? "" : $1.key)
                    })
                else { continue }
                output.append(VolumeFile(name: name, size: try HubOutput.size(stat, answer), volume: volume))
            }
            return output
        }
    }
}

/// What `listTaskOutput` tells of one file.
private enum HubOutput {
    /// Sizes travel as text.
    static func size(_ stat: XMLRPCValue, _ answer: HubAnswer) throws(KojiFailure) -> Int {
        let record = try Record(stat, of: answer.method, url: answer.url)
        return record.optionalString("st_size").flatMap { Int($0) } ?? record.optionalInt("st_size") ?? 0
    }
}

extension HubQuery where Answer == [UInt8] {
    /// A part of a file of a task's output (`downloadTaskOutput`). Empty at and behind the end of the file.
    ///
    /// Fault 1000 for a file that is not there; fault 1 for an offset that lies before the start.
    ///
    /// - Parameters:
    ///   - offset: bytes from the start; if negative from the end.
    ///   - size: bytes at most; keep below 1 MiB, since the answer is one text.
    package static func outputPart(of task: TaskID, name: String, offset: Int, size: Int) -> Self {
        let part: [String: XMLRPCValue] = ["offset": .int(Int64(offset)), "size": .int(Int64(size))]
        return HubQuery("downloadTaskOutput", [task.xmlrpc, .string(name)], part) { answer throws(KojiFailure) in
            if case .bytes(let bytes) = answer.value { return bytes }
            guard let bytes = Base64.decoded(try answer.string()) else {
                throw HubAnswer.failure("the answer to \(answer.method) is not base64", answer.method, answer.url)
            }
            return bytes
        }
    }
}

extension KojiSession {
    /// The files in a task's output directory with their sizes. Empty also when the hub has swept them away.
    package func output(of task: TaskID) async throws(KojiFailure) -> [OutputFile] { try await ask(.output(of: task)) }

    /// The last `bytes` of a file of a task's output, e.g. the end of a log.
    package func outputTail(of task: TaskID, name: String, bytes: Int) async throws(KojiFailure) -> [UInt8] {
        guard bytes > 0 else { return [] }
        do {
            return try await ask(.outputPart(of: task, name: name, offset: -bytes, size: bytes))
        } catch {
            // A file that is shorter cannot be entered before its start; then the start is all of it.
            guard error.fault?.code == 1 else { throw error }
            return try await ask(.outputPart(of: task, name: name, offset: 0, size: bytes))
        }
    }
}
