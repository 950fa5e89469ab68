import LibYAML

/// The builds that a release is frozen to: package names and the NVRs that builders must install.
///
/// A YAML file, a line for each package:
///
///     image-builder: image-builder-41-1.fc44
///     osbuild: osbuild-164-1.fc44
package struct FreezeFile: Sendable, Hashable {
    package let path: String
    /// NVR by name of the (source) package.
    package let builds: [String: String]

    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// - Throws: ``Failure`` that names file and line.
    package static func load(_ path: String) throws(Failure) -> FreezeFile {
        let bytes: [UInt8]
        do {
            guard let read = try AtomicFile.read(path) else {
                throw Failure(description: "there is no freeze file \(path)")
            }
            bytes = read
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "\(error)")
        }
        return try parse(bytes, path: path)
    }

    static func parse(_ bytes: [UInt8], path: String) throws(Failure) -> FreezeFile {
        let root: YAMLNode
        do {
            root = try YAMLReader.read(bytes, name: path)
        } catch {
            throw Failure(description: "\(error)")
        }
        guard case .mapping(let pairs, _) = root else {
            throw Failure(description: "\(path): a freeze file is a mapping, a line 'PACKAGE: NVR' for each package")
        }
        var builds: [String: String] = [:]
        for pair in pairs {
            guard case .scalar(let nvr, _, _) = pair.value, nvr.hasPrefix("\(pair.key)-"),
                nvr.dropFirst(pair.key.count + 1).split(separator: "-").count == 2, !nvr.contains("--")
            else {
                throw Failure(
                    description: "\(path):\(pair.keyLocation.line):\(pair.keyLocation.column): expected"
                        + " 'PACKAGE: PACKAGE-VERSION-RELEASE', e.g. 'osbuild: osbuild-164-1.fc44'")
            }
            builds[pair.key] = nvr
        }
        guard !builds.isEmpty else { throw Failure(description: "\(path) names no package") }
        return FreezeFile(path: path, builds: builds)
    }
}
