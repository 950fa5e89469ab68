import HTTPTypes
import Hummingbird

/// The page's files, for everybody: what the page shows comes from the API, which asks who one is.
extension Service {
    var pageRoutes: [Route] {
        PageFiles.paths.compactMap { path in
            PageFiles.file(at: path).map { file in Route(.get, path, role: .none) { Self.answer(file, $0) } }
        }
    }

    private static func answer(_ file: PageFile, _ request: APIRequest) -> Response {
        var headers = HTTPFields()
        headers[.eTag] = file.entityTag
        // A browser asks each time, and gets the file when the program has another.
        headers[.cacheControl] = "no-cache"
        headers[.contentSecurityPolicy] = PageFiles.contentSecurityPolicy
        if request.headers[values: .ifNoneMatch].contains(where: { $0.contains(file.entityTag) }) {
            return Response(status: .notModified, headers: headers)
        }
        return Answer.bytes(file.bytes, type: file.contentType, headers: headers)
    }
}
