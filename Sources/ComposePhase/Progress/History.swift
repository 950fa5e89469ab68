import Koji
import ProductMD

/// How long images took in earlier composes, as their `events.jsonl` tell.
package struct History: Sendable {
    /// Of so many builds of one thing the middle one is the estimate.
    static let builds = 10

    private var arches: [ImageTaskID: [String: [Sample]]] = [:]
    private var images: [ImageTaskID: [Sample]] = [:]
    /// Files that were read.
    package private(set) var sources = 0

    private struct Sample: Sendable {
        let ended: Double
        let seconds: Double
    }

    package init() {}

    /// The middle of the last builds of everything.
    package var estimates: Estimates {
        Estimates(
            arches: arches.mapValues { $0.compactMapValues(Self.middle) }, images: images.compactMapValues(Self.middle))
    }

    private static func middle(_ samples: [Sample]) -> Double? {
        let last = samples.sorted { $0.ended < $1.ended }.suffix(builds).map(\.seconds).sorted()
        guard !last.isEmpty else { return nil }
        let half = last.count / 2
        return last.count.isMultiple(of: 2) ? (last[half - 1] + last[half]) / 2 : last[half]
    }

    /// Takes one compose's events in.
    ///
    /// - Parameter isRehearsal: a rehearsal builds nothing, so its times say nothing about real builds, nor the other way
    ///   round; nil takes both.
    /// - Returns: whether the events were taken.
    package mutating func add(_ lines: [[UInt8]?], isRehearsal: Bool?, isMarkedRehearsal: Bool = false) -> Bool {
        var reading = Reading()
        reading.isRehearsal = isMarkedRehearsal
        for case let line? in lines {
            if let value = try? JSONReader.read(line, name: "events.jsonl") { reading.take(value) }
        }
        if let isRehearsal, reading.isRehearsal != isRehearsal { return false }
        for build in reading.builds.values {
            arches[build.image, default: [:]][build.arch, default: []].append(
                Sample(ended: build.ended, seconds: build.seconds))
        }
        for (image, samples) in reading.wholes { images[image, default: []] += samples }
        sources += 1
        return true
    }

    /// What one file tells. An arch task of the hub counts once, however often its end was written down.
    private struct Reading {
        var isRehearsal = false
        var builds: [Int: Build] = [:]
        var wholes: [ImageTaskID: [Sample]] = [:]
        private var submitted: [ImageTaskID: Double] = [:]

        struct Build {
            let image: ImageTaskID
            let arch: String
            let ended: Double
            let seconds: Double
        }

        mutating func take(_ value: JSONValue) {
            if value["event"]?.string == "run" { isRehearsal = RunIdentity(reading: value).isRehearsal }
            guard let entry = try? EventRecord.read(value) else { return }
            switch entry.event {
            case .observed(let observations):
                for seen in observations { note(seen.arches, of: seen.task) }
            case .diagnosed(let id, let diagnosis): note(diagnosis.arches, of: id)
            case .submitted(let id, _): submitted[id] = entry.instant.seconds
            case .adopted(let id, _): submitted[id] = nil
            case .collected(let id, _, _):
                guard let began = submitted[id], entry.instant.seconds > began else { break }
                wholes[id, default: []].append(
                    Sample(ended: entry.instant.seconds, seconds: entry.instant.seconds - began))
            default: break
            }
        }

        private mutating func note(_ arches: [ArchObservation], of image: ImageTaskID) {
            for arch in arches where arch.state == .closed {
                guard let started = arch.started, let ended = arch.ended, ended > started else { continue }
                builds[arch.id.number] = Build(
                    image: image, arch: arch.arch, ended: ended, seconds: ended - started)
            }
        }
    }
}
