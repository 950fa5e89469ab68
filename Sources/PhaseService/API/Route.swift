import HTTPTypes
import Hummingbird

/// One thing that can be asked for.
struct Route: Sendable {
    let method: HTTPRequest.Method
    /// `/api/v1/runs/{id}`
    let template: String
    /// What the caller must be allowed.
    let role: Role
    /// Whether it changes something: then a page must prove that it is ours.
    let isChange: Bool
    let answer: @Sendable (APIRequest) async throws -> Response

    fileprivate let parts: [Substring]

    init(
        _ method: HTTPRequest.Method, _ template: String, role: Role = .read, isChange: Bool? = nil,
        _ answer: @escaping @Sendable (APIRequest) async throws -> Response
    ) {
        self.method = method
        self.template = template
        self.role = role
        self.isChange = isChange ?? (method != .get)
        self.answer = answer
        parts = template.split(separator: "/", omittingEmptySubsequences: false)
    }

    /// The values of the template's places; nil when the path is another's.
    fileprivate func match(_ path: [Substring]) -> [String: String]? {
        guard path.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (part, given) in zip(parts, path) {
            if part.first == "{" {
                guard !given.isEmpty, let text = PercentText.decoded(given) else { return nil }
                values[String(part.dropFirst().dropLast())] = text
            } else if part != given {
                return nil
            }
        }
        return values
    }
}

/// All that can be asked for.
struct RouteTable: Sendable {
    let routes: [Route]

    /// What a request is for.
    ///
    /// - Throws: 404 for a path that there is not, 405 for a method that it does not have.
    func find(_ method: HTTPRequest.Method, _ path: String) throws(Problem) -> (route: Route, values: [String: String])
    {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        var allowed: [String] = []
        for route in routes {
            guard let values = route.match(parts) else { continue }
            if route.method == method || (method == .head && route.method == .get) { return (route, values) }
            allowed.append(route.method.rawValue)
        }
        guard allowed.isEmpty else {
            if allowed.contains("GET") { allowed.append("HEAD") }
            var problem = Problem(
                405, "The method is not allowed", "\(path) takes \(Set(allowed).sorted().joined(separator: ", "))")
            problem.allowed = Set(allowed).sorted()
            throw problem
        }
        throw .notFound("there is no \(path); what there is says /api/v1/openapi.json")
    }
}

/// Texts of paths and queries.
enum PercentText {
    /// Nil for one that is not UTF-8, or has a `%` without its digits.
    static func decoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(32)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
