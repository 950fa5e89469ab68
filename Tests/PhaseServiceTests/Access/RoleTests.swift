import PhaseService
import Testing

@Suite("Roles")
struct RoleTests {
    @Test("each role may do what the one before it may")
    func order() {
        #expect(Role.allCases == Role.allCases.sorted())
        #expect(Role.none < .read && Role.read < .operate && Role.operate < .admin)
        #expect(!(Role.admin < .admin))
    }
}
