package import PhaseStore

/// Tells who asks, and what he may do.
package struct AccessDesk: Sendable {
    private let store: ServiceStore
    private let now: @Sendable () -> Double
    /// Seals what pages of users without a token send back. It dies with the process: they ask again.
    private let key = Secret.token()

    package init(_ store: ServiceStore, now: @escaping @Sendable () -> Double) {
        self.store = store
        self.now = now
    }

    /// The caller: by token, else by the page's cookie, else by the proxy, else nobody.
    ///
    /// - Throws: 401 for a token that is none, was revoked or has expired; a cookie of that kind is nobody's.
    package func caller(_ credentials: Credentials, _ settings: AccessSettings) async throws -> Caller {
        if let text = try credentials.bearer() {
            guard let caller = try await holder(of: text, via: .token) else {
                throw Problem(401, "Not let in", "the token is not known, was revoked or has expired")
            }
            return caller
        }
        if let text = credentials.session, let caller = try await holder(of: text, via: .session) { return caller }
        if let proxy = settings.proxy, proxy.addresses.contains(credentials.address), !credentials.proxyUser.isEmpty {
            return try user(credentials.proxyUser, proxy)
        }
        return Caller(
            name: "anonymous", role: settings.anonymous, via: .anonymous,
            pageKey: Secret.seal("anonymous", key: key))
    }

    private func user(_ names: [String], _ proxy: ProxyTrust) throws(Problem) -> Caller {
        guard names.count == 1, let name = names.first, !name.isEmpty, name.utf8.count <= 255,
            !name.unicodeScalars.contains(where: { $0.value < 32 })
        else { throw Problem(401, "Not let in", "the proxy must name one user in \(proxy.header)") }
        return Caller(
            name: name, role: proxy.roles[name] ?? proxy.otherwise, via: .proxy,
            pageKey: Secret.seal("proxy \(name)", key: key))
    }

    private func holder(of text: String, via: Caller.Via) async throws -> Caller? {
        guard text.hasPrefix(Secret.prefix), text.utf8.count <= 200 else { return nil }
        let time = now()
        guard let token = try await store.token(digest: Secret.digest(text)), token.expires.map({ $0 > time }) ?? true,
            let role = Role(rawValue: token.role)
        else { return nil }
        // To the minute is enough, and spares the disk.
        if time - (token.lastUsed ?? 0) > 60 { try? await store.noteUse(of: token.name, at: time) }
        return Caller(
            name: token.name, role: role, via: via, pageKey: via == .session ? Secret.seal("page", key: text) : nil)
    }

    /// Refuses what the caller may not do.
    ///
    /// - Parameters:
    ///   - pageKey: the `X-CSRF-Token` header.
    ///   - isChange: whether anything would change.
    package func check(_ caller: Caller, may role: Role, isChange: Bool, pageKey: String?) throws(Problem) {
        guard caller.role >= role else {
            if caller.via == .anonymous {
                throw Problem(
                    401, "Not let in",
                    "this asks for the role \(role.rawValue); send a token: Authorization: Bearer TOKEN")
            }
            throw Problem(
                403, "Not allowed",
                "\(caller.name) has the role \(caller.role.rawValue), and this asks for \(role.rawValue)")
        }
        // A browser sends cookies, and a proxy its user, for any site's page: only ours knows the key.
        guard isChange, let expected = caller.pageKey else { return }
        guard Secret.isEqual(pageKey ?? "", expected) else {
            throw Problem(
                403, "Not allowed",
                "a change by a page needs the header X-CSRF-Token with the value that /api/v1/whoami gives as csrf")
        }
    }
}
