/// A metadata document cannot be read, or must not be written as it is: everything that is wrong with it.
package struct MetadataFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package let problems: [String]

    package init(_ problem: String) { problems = [problem] }

    package init(problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "; ") }
}
