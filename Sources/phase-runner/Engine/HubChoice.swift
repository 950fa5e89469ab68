import Glibc
import Koji
import RehearsalHub

/// Which hub a verb works on, and who one is there.
struct HubChoice: Sendable {
    let address: HubAddress
    let login: Login
    /// The user that the session is to belong to, if not the one that logs in.
    var proxyUser: String?
    /// A PEM file of the authorities that are trusted for the hub; nil is the system's own.
    var serverAuthorities: String?
    var verifiesServer = true
    /// Which profile it is and where its server is said, for messages; nil for the built-in hub.
    var origin: String?
    /// The Koji profile's name; nil for the built-in hub.
    var profile: String?
    /// Seconds to go on asking a hub that does not answer.
    let patience: Double

    /// The hub of a Koji profile. A Kerberos identity becomes the process's own here, so there must be no threads yet.
    static func profile(_ name: String, file: String?, proxyUser: String?, patience: Int) throws -> HubChoice {
        do {
            let profile = try KojiProfile.load(
                name, from: .init(file: file.map { $0.hasPrefix("~") ? $0 : Paths.absolute($0) }, home: ThisUser.home))
            let login = try login(of: profile)
            if case .kerberos(let identity) = login { try identity.enter() }
            for note in profile.notes { Console.warning(note) }
            return HubChoice(
                address: profile.address, login: login, proxyUser: proxyUser,
                serverAuthorities: profile.serverAuthorities,
                verifiesServer: profile.serverAuthorities != nil || !profile.noSSLVerify,
                origin: "profile \(name)" + (profile.origin(of: "server").map { ", \($0)" } ?? ""),
                profile: name, patience: Double(patience))
        } catch let failure as KojiFailure {
            throw VerbFailure(.hubUnusable, failure.message)
        }
    }

    /// A password comes from the environment, never from a file.
    private static func login(of profile: KojiProfile) throws -> Login {
        let user = Console.environment("KOJI_USER")
        let password = Console.environment("KOJI_PASSWORD")
        switch try profile.loginWay(hasUser: user != nil && password != nil) {
        case .anonymous: return .anonymous
        case .certificate(let path): return .certificate(path: path)
        case .kerberos(let principal, let keytab):
            return .kerberos(KerberosIdentity(principal: principal, keytab: keytab))
        case .password:
            guard let user, let password else {
                throw VerbFailure(
                    .hubUnusable,
                    "profile \(profile.name) logs in by password: set KOJI_USER and KOJI_PASSWORD in the environment")
            }
            return .password(user: user, password: password)
        }
    }

    static func rehearsal(_ hub: RunningHub) -> HubChoice {
        HubChoice(
            address: HubAddress(server: hub.server, weburl: hub.weburl, topurl: hub.topurl, topdir: nil),
            login: .password(user: hub.user, password: hub.password), patience: 30)
    }
}

/// Who runs this program.
enum ThisUser {
    /// `HOME`, else what the system's list of users says.
    static var home: String {
        if let home = Console.environment("HOME"), !home.isEmpty { return home }
        return getpwuid(getuid()).map { String(cString: $0.pointee.pw_dir) } ?? "/"
    }
}
