import CMalloc

/// How the process keeps memory.
enum Memory {
    /// Lets go of what reading and planning a large compose took, before it waits for hours: one pool instead of one for
    /// each thread, and what is free at its end goes back to the system. Watching 10,000 builds takes half as much so.
    ///
    /// To be called before the first thread is started.
    static func keepSmall() {
        _ = mallopt(M_ARENA_MAX, 1)
        _ = mallopt(M_TRIM_THRESHOLD, 128 << 10)
    }

    /// Gives back what was only needed to read, plan and write down, before the long part of a run.
    static func giveBack() { _ = malloc_trim(0) }
}
