import CLibCrypto
import Synchronization

/// Several digests of one stream of bytes, taken in one pass (libcrypto).
///
/// Sendable because the transport's thread feeds it while another waits for the end: one after the other, under a lock.
package final class RunningDigest: Sendable {
    private let contexts: Mutex<[Context]>

    private struct Context: @unchecked Sendable {
        // Unchecked: an OpenSSL context is used by one thread at a time, which the lock around it sees to.
        let kind: String
        let pointer: OpaquePointer
    }

    /// Names of Python's hashlib that libcrypto spells otherwise.
    private static let names = ["blake2b": "blake2b512", "blake2s": "blake2s256"]

    private static func algorithm(_ kind: String) -> OpaquePointer? {
        EVP_get_digestbyname(names[kind] ?? kind.replacing("_", with: "-"))
    }

    /// Whether there is a digest of this name, as Python's hashlib has it.
    package static func isKnown(_ kind: String) -> Bool { algorithm(kind) != nil }

    /// - Parameter kinds: `md5`, `sha1`, `sha256`, …; others than ``isKnown(_:)`` are left out, which planning has refused.
    package init(_ kinds: Set<String>) {
        let contexts = kinds.sorted().compactMap { kind -> Context? in
            guard let algorithm = Self.algorithm(kind), let pointer = EVP_MD_CTX_new() else { return nil }
            guard EVP_DigestInit_ex(pointer, algorithm, nil) == 1 else {
                EVP_MD_CTX_free(pointer)
                return nil
            }
            return Context(kind: kind, pointer: pointer)
        }
        self.contexts = Mutex(contexts)
    }

    deinit { contexts.withLock { $0.forEach { EVP_MD_CTX_free($0.pointer) } } }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        contexts.withLock { contexts in
            for context in contexts { EVP_DigestUpdate(context.pointer, bytes.baseAddress, bytes.count) }
        }
    }

    /// Hexadecimal digests by kind. Ends the stream: call once.
    package func finish() -> [String: String] {
        contexts.withLock { contexts in
            var digests: [String: String] = [:]
            for context in contexts {
                var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
                var length: UInt32 = 0
                guard EVP_DigestFinal_ex(context.pointer, &bytes, &length) == 1 else { continue }
                digests[context.kind] = bytes[..<Int(length)].map(Self.hex).joined()
            }
            return digests
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
