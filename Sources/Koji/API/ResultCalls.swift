/// Builds, archives and output of tasks. All of it is reading.
extension KojiSession {
    /// The builds of a task. More than one is possible: a restarted parent without an explicit release takes a second.
    package func builds(of task: TaskID) async throws(KojiFailure) -> [BuildInfo] {
        let answer = try await read("listBuilds", [], ["taskID": Self.number(task)])
        var builds: [BuildInfo] = []
        for item in try Record.list(answer, of: "listBuilds", url: hub.server) {
            builds.append(try BuildInfo(item, of: "listBuilds", url: hub.server))
        }
        return builds
    }

    /// The image files of a build with size and checksum, in no order.
    package func imageArchives(of build: Int) async throws(KojiFailure) -> [Archive] {
        let answer = try await read("listArchives", [], ["buildID": .int(Int64(build)), "type": .string("image")])
        var archives: [Archive] = []
        for item in try Record.list(answer, of: "listArchives", url: hub.server) {
            archives.append(try Archive(item, url: hub.server))
        }
        return archives
    }

    /// The files in a task's output directory with their sizes. Empty also when the hub has swept them away.
    package func output(of task: TaskID) async throws(KojiFailure) -> [OutputFile] {
        let answer = try await read("listTaskOutput", [Self.number(task)], ["stat": .bool(true)])
        // An empty directory comes as an empty struct or an empty list.
        guard case .object(let files) = answer else { return [] }
        var output: [OutputFile] = []
        for (name, stat) in files.sorted(by: { $0.key < $1.key }) {
            let record = try Record(stat, of: "listTaskOutput", url: hub.server)
            // Sizes travel as text.
            let size = record.optionalString("st_size").flatMap { Int($0) } ?? record.optionalInt("st_size") ?? 0
            output.append(OutputFile(name: name, size: size))
        }
        return output
    }

    /// The last `bytes` of a file of a task's output, e.g. the end of a log.
    package func outputTail(of task: TaskID, name: String, bytes: Int) async throws(KojiFailure) -> [UInt8] {
        guard bytes > 0 else { return [] }
        let method = "downloadTaskOutput"
        let file = [Self.number(task), .string(name)]
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
