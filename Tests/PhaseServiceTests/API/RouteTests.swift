import Foundation
import HTTPTypes
import PhaseStore
import ProductMD
import Testing

@testable import PhaseService

@Suite("The API's description")
struct RouteTests {
    @Test("names every route with its methods, and no other")
    func complete() async throws {
        try await AccessTests.withStore { store in
            let settings = ServiceSettings(stateDirectory: "/nowhere", workingDirectory: "/nowhere")
            let service = Service(
                settings, store: store, program: "/nowhere", environment: [], version: "0", warn: { _ in })
            let routes = Set(service.routes.routes.map { "\($0.method.rawValue.lowercased()) \($0.template)" })
            let document = try Service.openAPIDocument()
            var described: Set<String> = []
            for (path, operations) in document["paths"]?.object ?? [:] {
                for method in operations.object?.keys.sorted() ?? [] where method != "parameters" {
                    described.insert("\(method) \(path)")
                }
            }
            #expect(routes.filter { !$0.hasPrefix("get /page/") && $0 != "get /" } == described)
            #expect(routes.count == service.routes.routes.count)
        }
    }

    @Test("a change asks for a role that may change")
    func roles() async throws {
        try await AccessTests.withStore { store in
            let settings = ServiceSettings(stateDirectory: "/nowhere", workingDirectory: "/nowhere")
            let service = Service(
                settings, store: store, program: "/nowhere", environment: [], version: "0", warn: { _ in })
            for route in service.routes.routes where route.method != .get {
                let isOfAccess = ["/api/v1/login", "/api/v1/logout"].contains(route.template)
                #expect(route.role >= .operate || isOfAccess, "\(route.template)")
                #expect(route.isChange || route.template == "/api/v1/login")
            }
        }
    }

    @Test("what there is not, and what it does not take")
    func notFound() async throws {
        try await AccessTests.withStore { store in
            let settings = ServiceSettings(stateDirectory: "/nowhere", workingDirectory: "/nowhere")
            let routes = Service(
                settings, store: store, program: "/nowhere", environment: [], version: "0", warn: { _ in }
            ).routes
            let one = try routes.find(.get, "/api/v1/runs/12")
            let head = try routes.find(.head, "/api/v1/runs")
            let slash = try routes.find(.get, "/api/v1/runs/a%2Fb")
            #expect(one.values == ["id": "12"])
            #expect(head.route.template == "/api/v1/runs")
            #expect(slash.values == ["id": "a/b"])
            for path in ["", "/api", "/api/v1/runs/", "/api/v1/runs/1/x", "/api/v1/runs/%zz", "/api/v1/runs/%ff"] {
                let problem = #expect(throws: Problem.self) { try routes.find(.get, path) }
                #expect(problem?.status == 404, "\(path)")
            }
            let problem = #expect(throws: Problem.self) { try routes.find(.delete, "/api/v1/runs") }
            #expect(problem?.status == 405)
            #expect(problem?.allowed == ["GET", "HEAD", "POST"])
        }
    }
}

@Suite("Which measurements stand out")
struct OutlierTests {
    @Test(
        "those far from the middle, measured by what is usual",
        arguments: [
            ([], []), ([1, 2, 3, 100], [false, false, false, false]),
            ([100, 101, 99, 100, 300], [false, false, false, false, true]),
            ([100, 100, 100, 100, 105], [false, false, false, false, false]),
            ([100, 100, 100, 100, 150], [false, false, false, false, true]),
            ([100, 102, nil, 98, 101, 99, 10], [false, false, false, false, false, false, true]),
            ([500, 100, 101, 99, 100, 500], [true, false, false, false, false, true]),
        ] as [([Double?], [Bool])])
    func outliers(_ values: [Double?], _ expected: [Bool]) {
        #expect(Outliers.mark(values) == expected)
    }
}
