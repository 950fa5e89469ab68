import HTTPTypes
import Hummingbird
import NIOCore

/// Files below `topurl`: whole or a range of bytes, as a web server in front of a hub gives them.
struct FileResponder: Sendable {
    let core: HubCore

    /// The piece that is read and sent at a time.
    private static let piece = 1 << 18

    /// - Parameter path: below the top of the tree, still percent-encoded.
    func respond(to request: Request, path: String) async -> Response {
        guard request.method == .get || request.method == .head else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
        }
        guard let path = path.removingURLPercentEncoding(), let file = await core.file(path) else {
            return HubResponder.notFound
        }
        var headers: HTTPFields = [
            .acceptRanges: "bytes", .eTag: file.tag, .lastModified: file.modified.httpDate,
        ]
        headers[.contentType] = Self.contentType(path)
        let range: ByteRange?
        if let condition = request.headers[.ifRange], condition != file.tag {
            range = nil
        } else {
            range = request.headers[.range].flatMap { ByteRange($0, size: file.size) }
        }
        switch range {
        case nil:
            return response(.ok, headers, file, 0..<file.size, hasBody: request.method == .get)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
            return response(.partialContent, headers, file, range, hasBody: request.method == .get)
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(file.size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private func response(
        _ status: HTTPResponse.Status, _ headers: HTTPFields, _ file: OpenedFile, _ range: Range<Int>, hasBody: Bool
    ) -> Response {
        var headers = headers
        headers[.contentLength] = String(range.count)
        guard hasBody else { return Response(status: status, headers: headers) }
        let body = ResponseBody(contentLength: range.count) { writer in
            for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.piece) {
                let bytes = file.read(start..<min(start + Self.piece, range.upperBound))
                try await writer.write(ByteBuffer(bytes: bytes))
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// Only where a wrong guess would hurt; logs go out without a type, as from a real hub.
    private static func contentType(_ path: String) -> String? {
        switch path.split(separator: ".").last {
        case "json": "application/json"
        case "xz": "application/x-xz"
        case "iso": "application/x-iso9660-image"
        default: nil
        }
    }
}

/// What a `Range` header asks for. Headers that are not understood, and several ranges at once, count as absent.
enum ByteRange: Sendable, Hashable {
    case part(Range<Int>)
    case unsatisfiable

    init?(_ header: String, size: Int) {
        guard header.hasPrefix("bytes=") else { return nil }
        let ends = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        let (first, last) = (Self.number(ends[0]), Self.number(ends[1]))
        switch (first, last) {
        case (nil, let count?) where ends[0].isEmpty:
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .unsatisfiable
        case (let first?, nil) where ends[1].isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first..<min(size, last == .max ? last : last + 1)) : .unsatisfiable
        default:
            return nil
        }
    }

    /// Digits only; what is too large for a number counts as the largest.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text) ?? .max
    }
}

extension String {
    /// The text with its `%XX` resolved; nil if one is broken or the result is not UTF-8.
    func removingURLPercentEncoding() -> String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let digits = String(rest.prefix(2)), digits.utf8.count == 2,
                digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
