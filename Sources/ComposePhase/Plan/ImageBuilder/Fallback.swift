import PungiConfig

/// Where the value of an option was found.
enum FallbackPlace: Hashable {
    /// In the block itself.
    case block
    /// `imagebuilder_KEY`
    case phase
    /// `global_KEY`
    case global
}

/// An option that may stand in the block, else beside the section for the phase, else for all phases.
///
/// As Pungi: the first key that is there wins, even when its value is empty.
struct Fallback<Value: Sendable>: Sendable {
    let block: Located<Value>?
    let phase: Located<Value>?
    let global: Located<Value>?

    var used: Located<Value>? { block ?? phase ?? global }

    /// Nil if the option is set nowhere.
    var place: FallbackPlace? {
        if block != nil { return .block }
        if phase != nil { return .phase }
        return global != nil ? .global : nil
    }

    subscript(place: FallbackPlace) -> Located<Value>? {
        switch place {
        case .block: block
        case .phase: phase
        case .global: global
        }
    }

    func map<Other: Sendable>(_ transform: (Value) -> Other) -> Fallback<Other> {
        Fallback<Other>(
            block: block?.map(transform), phase: phase?.map(transform), global: global?.map(transform))
    }
}
