/// What image-builder leaves beside an image, in the form that real builders give it.
extension OutputContent {
    /// An osbuild manifest of version 2. What is in the image comes from its sources: the commit is a key, as in real
    /// ones. An image that makes a commit itself takes none.
    var manifest: String {
        let takesCommit = !type.hasSuffix("-commit") && !type.hasSuffix("-container")
        let source = takesCommit ? commit : nil
        let sources =
            source.map {
                """
                {
                    "org.osbuild.ostree": {
                      "items": {
                        "\($0.checksum)": {
                          "remote": {
                            "url": \(Self.quoted($0.url))
                          }
                        }
                      }
                    }
                  }
                """
            } ?? "{}"
        return """
            {
              "version": "2",
              "comment": "\(Self.notice)",
              "pipelines": [
                {
                  "name": "build",
                  "runner": "org.osbuild.fedora",
                  "stages": []
                },
                {
                  "name": "\(source == nil ? "os" : "ostree-deployment")",
                  "build": "name:build",
                  "stages": []
                },
                {
                  "name": "image",
                  "build": "name:build",
                  "stages": []
                }
              ],
              "sources": \(sources)
            }

            """
    }

    /// A list of packages in SPDX 2.3.
    ///
    /// - Parameter part: which of image-builder's lists it is, `buildroot-build` or `image-os`.
    func sbom(of part: String) -> String {
        """
        {
          "SPDXID": "SPDXRef-DOCUMENT",
          "spdxVersion": "SPDX-2.3",
          "dataLicense": "CC0-1.0",
          "name": "\(part)",
          "comment": "\(Self.notice)",
          "creationInfo": {
            "created": "2026-01-01T00:00:00Z",
            "creators": [
              "Tool: phase-runner rehearsal"
            ]
          },
          "documentNamespace": \(Self.quoted("urn:phase-runner:rehearsal:\(part):\(name)-\(version)-\(release).\(arch)")),
          "packages": [
            {
              "SPDXID": "SPDXRef-bash",
              "name": "bash",
              "versionInfo": "0-rehearsal",
              "downloadLocation": "NOASSERTION"
            }
          ]
        }

        """
    }

    /// A JSON string.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
