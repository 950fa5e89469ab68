/// Which lines two texts have in common, in the order of both: Myers' algorithm, in time by how much differs.
enum LineMatching {
    /// How many lines may come and go before the search is given up: it remembers the square of that.
    static let limit = 1500

    /// Pairs of equal lines by their numbers, rising in both; nil if the texts differ in more than `limit` lines.
    static func pairs(_ old: [Int], _ new: [Int], limit: Int = limit) -> [(old: Int, new: Int)]? {
        guard let rounds = search(old, new, limit: limit) else { return nil }
        var pairs: [(old: Int, new: Int)] = []
        var x = old.count
        var y = new.count
        for (round, reached) in rounds.enumerated().reversed() {
            let diagonal = x - y
            // `reached` is how far each diagonal came before this round; index round + k stands for diagonal k.
            let fromAbove =
                diagonal == -round
                || (diagonal != round && reached[round + diagonal - 1] < reached[round + diagonal + 1])
            let before = diagonal + (fromAbove ? 1 : -1)
            let startX = round == 0 ? 0 : reached[round + before]
            let startY = round == 0 ? 0 : startX - before
            let runX = round == 0 ? 0 : (fromAbove ? startX : startX + 1)
            while x > runX {
                x -= 1
                y -= 1
                pairs.append((x, y))
            }
            x = startX
            y = startY
        }
        return pairs.reversed()
    }

    /// For each round how far every diagonal had come before it; the last round reaches the end of both.
    private static func search(_ old: [Int], _ new: [Int], limit: Int) -> [[Int]]? {
        var reached: [Int: Int] = [1: 0]
        var rounds: [[Int]] = []
        for round in 0...min(limit, old.count + new.count) {
            rounds.append((-round...round).map { reached[$0] ?? -1 })
            for diagonal in stride(from: -round, through: round, by: 2) {
                let above = reached[diagonal + 1] ?? -1
                let left = reached[diagonal - 1] ?? -1
                var x = diagonal == -round || (diagonal != round && left < above) ? above : left + 1
                while x < old.count, x - diagonal < new.count, old[x] == new[x - diagonal] { x += 1 }
                reached[diagonal] = x
                if x >= old.count, x - diagonal >= new.count { return rounds }
            }
        }
        return nil
    }
}
