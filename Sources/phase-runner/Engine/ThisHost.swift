import Glibc

/// The machine that this program runs on.
enum ThisHost {
    static var name: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "this host" }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// This process, as others may find it.
    static var process: String { "process \(getpid()) on \(name)" }

    /// Who runs this program, and where.
    static var user: String {
        let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "user \(getuid())"
        return "\(user) on \(name)"
    }
}
