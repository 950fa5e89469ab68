/// Python sorts texts by code point, and the order is part of the call.
func byCodePoint(_ left: String, _ right: String) -> Bool {
    left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
}
