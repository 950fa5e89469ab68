import ComposePhase

extension ReportPage {
    var images: Markup? {
        guard !report.images.isEmpty else { return nil }
        let isCompared = report.previous != nil
        let caption: Markup =
            report.previous.map { "Sizes beside those of \($0.id)." }
            ?? "There is no earlier compose of this release and type to compare sizes with."
        let change: Markup = isCompared ? "<th role=\"columnheader\" scope=\"col\" class=\"number\">Change</th>" : ""
        return """
            <section aria-labelledby="images"><h2 id="images">\(counted(report.images.count, "image"))</h2>
            <div class="card"><table class="stack" role="table"><caption>\(caption)</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Image</th>\
            <th role="columnheader" scope="col">Arch</th><th role="columnheader" scope="col">Type</th>\
            <th role="columnheader" scope="col" class="number">Size</th>\(change)\
            <th role="columnheader" scope="col">Build</th><th role="columnheader" scope="col">Beside it</th></tr></thead>
            <tbody role="rowgroup">
            \(report.images.map { row($0, isCompared: isCompared) })</tbody></table></div></section>
            """
    }

    private func row(_ image: ReportedImage, isCompared: Bool) -> Markup {
        let change: Markup? =
            isCompared
            ? """
            <td role="cell" class="number" data-name="Change">\
            <span class="\(ReportWords.isLarge(image) ? "large" : "same")">\(ReportWords.change(of: image) ?? "")</span></td>
            """ : nil
        let name = Markup.link("\(image.name)", to: links.address(of: "compose/\(image.path)"))
        return """
            <tr role="row"><td role="cell" data-name="Image"><code>\(name)</code>\
            <span class="sub">\(ReportWords.place(image))</span></td>\
            <td role="cell" class="arch" data-name="Arch">\(image.arch)</td><td role="cell" class="type" data-name="Type">\(image.type)</td>\
            <td role="cell" class="number" data-name="Size">\(readable(bytes: image.size))</td>\(change)\
            <td role="cell" data-name="Build"><div>\(build(image))</div></td>\
            <td role="cell" data-name="Beside it"><div>\(beside(image))</div></td></tr>

            """
    }

    private func build(_ image: ReportedImage) -> Markup {
        guard let made = image.made else { return "<span class=\"soft\">\(ReportWords.noMaking(report))</span>" }
        let nvr = Markup.link("<code>\(made.nvr)</code>", to: KojiPages.build(made.build, at: report.weburl))
        let task = Markup.link("task \(made.archTask)", to: KojiPages.task(made.archTask, at: report.weburl))
        let builder = made.origin?.host.map { " on \($0)" } ?? ""
        return "\(nvr)<span class=\"sub\">\(task)\(builder)</span>"
    }

    /// Manifests and SBOMs, by what their names have more than the image's.
    private func beside(_ image: ReportedImage) -> Markup {
        let files = image.made?.sideFiles ?? []
        guard !files.isEmpty else { return "<span class=\"soft\">nothing</span>" }
        let items = files.map { file -> Markup in
            let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
            let shared = name.prefix(zip(name, image.name).prefix { $0 == $1 }.count)
            let end = name[(shared.lastIndex(of: ".").map { name.index(after: $0) } ?? name.startIndex)...]
            let kind = file.kind == .manifest ? "manifest" : "SBOM \(end.prefix { $0 != "." })"
            let link = Markup.link("\(kind)", to: links.address(of: "compose/\(file.path)"))
            return "\(link) <span class=\"soft\">\(readable(bytes: file.size))</span>"
        }
        return Markup.joined(items, by: "<br>")
    }

    var gone: Markup? {
        guard let previous = report.previous, !previous.gone.isEmpty else { return nil }
        let word = report.stage == .ended ? "not in this compose" : "not yet in this compose"
        let items = previous.gone.map { "<li><code>\($0)</code></li>\n" as Markup }
        return """
            <section aria-labelledby="gone"><h2 id="gone">In \(previous.id) and \(word)</h2>
            <div class="card"><ul class="plain">\(items)</ul></div></section>
            """
    }
}
