import Koji
import Testing

@Suite("Times in headers")
struct HTTPDateTests {
    @Test(
        "the one form is read, all others are not",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sat, 29 Feb 2020 23:59:59 GMT", 1_583_020_799), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
            ("Sun Nov  6 08:49:37 1994", nil), ("Sun, 06 Nov 1994 08:49:37", nil), ("", nil),
            ("Sun, 06 Nov 1994 25:49:37 GMT", nil), ("Sun, 41 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", nil),
        ] as [(String, Int?)])
    func read(text: String, seconds: Int?) { #expect(HTTPDate.seconds(text) == seconds) }
}
