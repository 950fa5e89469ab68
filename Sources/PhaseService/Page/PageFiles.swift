/// A file of the page, as it is sent.
package struct PageFile: Sendable {
    package let bytes: [UInt8]
    /// With the charset, where it is text.
    package let contentType: String
    /// For `ETag`, with its quotes. It is made of the content, so that a browser keeps a file until the program has another.
    package let entityTag: String

    init(_ bytes: [UInt8], _ contentType: String) {
        self.bytes = bytes
        self.contentType = contentType
        // FNV-1a: it tells versions of our own files apart, nobody else's bytes come here.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        entityTag = "\"\(String(hash, radix: 16))\""
    }
}

/// What the page is made of. The files are in the program itself: there is nothing to install beside it, and nothing that
/// could be of another version.
package enum PageFiles {
    /// The policy that the page is written for: scripts, styles and requests of the service's own, and nothing in line.
    package static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    /// The file at a path of the service, such as `/` and `/page/page.js`; nil: it is none of the page's.
    package static func file(at path: String) -> PageFile? { all[path] }

    /// All paths that lead to a file.
    package static var paths: [String] { all.keys.sorted() }

    private static let all: [String: PageFile] = {
        let html = "text/html; charset=utf-8"
        let script = "text/javascript; charset=utf-8"
        let style = "text/css; charset=utf-8"
        return [
            "/": PageFile(PackageResources.page_html, html),
            "/page/icon.svg": PageFile(PackageResources.icon_svg, "image/svg+xml"),
            "/page/page.css": PageFile(PackageResources.page_css, style),
            "/page/parts.css": PageFile(PackageResources.parts_css, style),
            "/page/clock.js": PageFile(PackageResources.clock_js, script),
            "/page/curves.js": PageFile(PackageResources.curves_js, script),
            "/page/dialogs.js": PageFile(PackageResources.dialogs_js, script),
            "/page/documents.js": PageFile(PackageResources.documents_js, script),
            "/page/dom.js": PageFile(PackageResources.dom_js, script),
            "/page/failures.js": PageFile(PackageResources.failures_js, script),
            "/page/login.js": PageFile(PackageResources.login_js, script),
            "/page/nights.js": PageFile(PackageResources.nights_js, script),
            "/page/now.js": PageFile(PackageResources.now_js, script),
            "/page/overview.js": PageFile(PackageResources.overview_js, script),
            "/page/page.js": PageFile(PackageResources.page_js, script),
            "/page/progress.js": PageFile(PackageResources.progress_js, script),
            "/page/results.js": PageFile(PackageResources.results_js, script),
            "/page/run.js": PageFile(PackageResources.run_js, script),
            "/page/runcard.js": PageFile(PackageResources.runcard_js, script),
            "/page/runs.js": PageFile(PackageResources.runs_js, script),
            "/page/schedules.js": PageFile(PackageResources.schedules_js, script),
            "/page/service.js": PageFile(PackageResources.service_js, script),
            "/page/start.js": PageFile(PackageResources.start_js, script),
            "/page/streams.js": PageFile(PackageResources.streams_js, script),
            "/page/table.js": PageFile(PackageResources.table_js, script),
            "/page/timeline.js": PageFile(PackageResources.timeline_js, script),
            "/page/words.js": PageFile(PackageResources.words_js, script),
        ]
    }()
}
