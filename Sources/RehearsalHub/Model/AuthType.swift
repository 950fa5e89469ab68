/// How a session was opened, by Koji's numbers.
enum AuthType: Int, Sendable, Hashable {
    case password = 0
    case certificate = 2
    case ticket = 3
}
