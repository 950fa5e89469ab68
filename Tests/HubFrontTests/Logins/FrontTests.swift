import Testing

/// The rehearsal hub behind a real web server, with a real Kerberos realm.
@Suite("Behind a real web server", .needsWebServer, .onStage, .timeLimit(.minutes(2)))
enum FrontTests {}
