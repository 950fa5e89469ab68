import Foundation

/// An issuer of certificates, with openssl, in a directory of its own.
struct CertificateAuthority {
    private let scratch: Scratch
    /// The file that those who trust it name.
    let certificate: String

    /// A certificate and its key.
    struct Identity {
        let certificate: String
        let key: String
        /// Both in one file, as koji clients want it.
        let both: String
    }

    /// When certificates are good.
    enum Validity {
        case now
        /// It ended on 1 February 2020.
        case past

        var ends: (String, String) {
            switch self {
            case .now: ("20200101000000Z", "21200101000000Z")
            case .past: ("20200101000000Z", "20200201000000Z")
            }
        }
    }

    init(_ name: String, in scratch: Scratch) async throws {
        self.scratch = scratch
        certificate = scratch.path("ca.crt")
        try scratch.write("index.txt", "")
        try scratch.write(
            "ca.cnf",
            """
            [ca]
            default_ca = here
            [here]
            database = \(scratch.path("index.txt"))
            new_certs_dir = \(scratch.url.path)
            rand_serial = yes
            unique_subject = no
            default_md = sha256
            policy = any
            certificate = \(scratch.path("ca.crt"))
            private_key = \(scratch.path("ca.key"))
            [any]
            organizationName = optional
            commonName = supplied
            [req]
            distinguished_name = name
            x509_extensions = authority
            [name]
            [authority]
            basicConstraints = critical, CA:TRUE
            keyUsage = critical, keyCertSign, cRLSign
            subjectKeyIdentifier = hash
            [server]
            subjectAltName = DNS:localhost, IP:127.0.0.1
            extendedKeyUsage = serverAuth
            [client]
            extendedKeyUsage = clientAuth
            """)
        try await openssl(
            "req", "-x509", "-config", "ca.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/O=Tests/CN=\(name)", "-days", "30")
    }

    /// The certificate of a server on localhost.
    func server(_ validity: Validity = .now) async throws -> Identity {
        try await issue("localhost", validity, "server")
    }

    /// The certificate of a user, whose name is its CN.
    func client(_ name: String, _ validity: Validity = .now) async throws -> Identity {
        try await issue(name, validity, "client")
    }

    private func issue(_ name: String, _ validity: Validity, _ kind: String) async throws -> Identity {
        let file = "\(kind)-\(name)-\(validity)"
        try await openssl(
            "req", "-new", "-config", "ca.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "\(file).key", "-out", "\(file).csr", "-subj", "/O=Tests/CN=\(name)")
        let (start, end) = validity.ends
        try await openssl(
            "ca", "-batch", "-config", "ca.cnf", "-extensions", kind, "-startdate", start, "-enddate", end, "-notext",
            "-in", "\(file).csr", "-out", "\(file).crt")
        try scratch.write("\(file).pem", scratch.text("\(file).crt") + scratch.text("\(file).key"))
        return Identity(
            certificate: scratch.path("\(file).crt"), key: scratch.path("\(file).key"),
            both: scratch.path("\(file).pem"))
    }

    private func openssl(_ arguments: String...) async throws {
        try await Command.run(.openssl, arguments, in: scratch.url)
    }
}
