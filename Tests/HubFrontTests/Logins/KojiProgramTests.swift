import Testing

extension FrontTests {
    /// The control: what people type.
    @Suite("The real koji program")
    struct KojiProgramTests {
        /// One of each kind; the library, which is most of the program, tries all.
        @Test(
            "hello tells who one is",
            arguments: [LoginTry.accepted[1], LoginTry.accepted[3], LoginTry.accepted[4], LoginTry.accepted[5]])
        func hello(_ login: LoginTry) async throws {
            let result = try await ClientProgram.koji.run(login) { options, _ in options + ["hello"] }
            #expect(result.status == 0, "\(result)")
            #expect(result.out.contains(", alice!"), "\(result)")
        }

        @Test("list-targets asks as nobody, over a server that it trusts")
        func targets() async throws {
            let login = LoginTry("anonymous", .tls13, .nothing)
            let result = try await ClientProgram.koji.run(login) { options, _ in options + ["list-targets", "--quiet"] }
            #expect(result.status == 0, "\(result)")
            #expect(result.out.contains("f43-image-build"), "\(result)")
        }

        @Test("a refused login ends with 1")
        func refused() async throws {
            let login = LoginTry("blocked", .tickets, .ticket(.barred))
            let result = try await ClientProgram.koji.run(login) { options, _ in options + ["hello"] }
            #expect(result.status == 1)
            #expect(result.err.contains("logins by barred are not allowed"), "\(result)")
        }
    }
}
