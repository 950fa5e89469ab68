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
                let record = try Record(stat, of: answer.method, url: answer.url)
                // Sizes travel as text.
                let size = record.optionalString("st_size").flatMap { Int($0) } ?? record.optionalInt("st_size") ?? 0
                output.append(OutputFile(name: name, size: size))
            }
            return output
        }
    }
}

extension KojiSession {
    /// The files in a task's output directory with their sizes. Empty also when the hub has swept them away.
    package func output(of task: TaskID) async throws(KojiFailure) -> [OutputFile] { try await ask(.output(of: task)) }

    /// The last `bytes` of a file of a task's output, e.g. the end of a log.
    package func outputTail(of task: TaskID, name: String, bytes: Int) async throws(KojiFailure) -> [UInt8] {
        guard bytes > 0 else { return [] }
        let method = "downloadTaskOutput"
        let file = [task.xmlrpc, .string(name)]
        let size = XMLRPCValue.int(Int64(bytes))
        let answer: XMLRPCValue
        do {
            answer = try await read(method, file, ["offset": .int(Int64(-bytes)), "size": size])
        } catch {
            // A file that is shorter cannot be entered before its start; then the start is all of it.
            guard error.fault?.code == 1 else { throw error }
            answer = try await read(method, file, ["size": size])
        }
        switch answer {
        case .bytes(let bytes): return bytes
        case .string(let text):
            guard let bytes = Base64.decoded(text) else {
                throw Record.badAnswer(
                    "the answer to downloadTaskOutput is not base64", "downloadTaskOutput", hub.server)
            }
            return bytes
        default:
            throw Record.badAnswer("the answer to downloadTaskOutput is not text", "downloadTaskOutput", hub.server)
        }
    }
}
