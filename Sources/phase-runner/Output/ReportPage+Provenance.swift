import ComposePhase

extension ReportPage {
    var hasProvenance: Bool { !report.toolchain.isEmpty || !report.repositories.isEmpty || report.freeze != nil }

    /// With what, and from what, the images were built.
    var provenance: Markup? {
        guard hasProvenance else { return nil }
        return """
            <section aria-labelledby="provenance"><h2 id="provenance">Built with</h2>
            \(freeze)\(toolchain)\(repositories)</section>
            """
    }

    private var freeze: Markup? {
        guard let freeze = report.freeze else { return nil }
        let deviations = freeze.deviations.map {
            """
            <li><code>\($0.image)</code>: \($0.package) is <code>\($0.installed)</code>, frozen is \
            <code>\($0.frozen)</code></li>

            """ as Markup
        }
        return """
            <div class="card"><h3>Frozen toolchain <span class="pill \(freeze.holds ? "good" : "bad")">\
            \(freeze.holds ? "holds" : "does not hold")</span></h3><p><code>\(freeze.file)</code></p>
            \(deviations.isEmpty ? nil : "<ul class=\"plain\">\(deviations)</ul>" as Markup?)</div>

            """
    }

    private var toolchain: Markup? {
        guard !report.toolchain.isEmpty else { return nil }
        let rows = report.toolchain.sorted { $0.key < $1.key }.flatMap { package, builds in
            builds.sorted { $0.key < $1.key }.map { nvr, number -> Markup in
                let mark: Markup? = builds.count > 1 ? " <span class=\"warn\">not the same for all</span>" : nil
                return """
                    <tr role="row"><td role="cell" data-name="Package">\(package)\(mark)</td>\
                    <td role="cell" data-name="Build"><code>\(nvr)</code></td>\
                    <td role="cell" class="number" data-name="Images">\(number)</td></tr>

                    """
            }
        }
        return """
            <div class="card"><table class="stack" role="table"><caption>Packages in the builders' roots</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Package</th>\
            <th role="columnheader" scope="col">Build</th>\
            <th role="columnheader" scope="col" class="number">Images</th></tr></thead>
            <tbody role="rowgroup">\(rows)</tbody></table></div>

            """
    }

    private var repositories: Markup? {
        guard !report.repositories.isEmpty else { return nil }
        let items = report.repositories.map { repository -> Markup in
            let revision: Markup? = repository.revision.map { ", revision <code>\($0)</code>" }
            return """
                <li>\(Markup.linked(repository.url))\(revision), \(counted(repository.images, "image"))</li>

                """
        }
        return "<div class=\"card\"><h3>Repositories</h3><ul class=\"plain\">\(items)</ul></div>"
    }
}
