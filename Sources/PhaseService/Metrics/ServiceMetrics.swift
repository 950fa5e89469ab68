import ComposePhase
import Glibc
import PhaseStore
import ProductMD

/// What `/metrics` shows: docs/metrics.md names each.
enum ServiceMetrics {
    static func text(of service: Service) async throws -> String {
        var text = PrometheusText()
        text.add(
            "phase_runner_build_info", .gauge, "The program that runs.",
            [([("version", service.version)], 1)])
        try await addRuns(to: &text, service)
        await addSchedules(to: &text, service)
        addTraffic(to: &text, service.traffic.current)
        text.add(
            "phase_runner_event_streams", .gauge, "Event streams that are open.",
            Double(await service.streams.count))
        let settings = await service.settings.value
        let places = Set(settings.targets.values.map(\.directory) + [settings.stateDirectory]).sorted()
        text.add(
            "phase_runner_free_bytes", .gauge, "Free space where composes and state go.",
            places.compactMap { place in freeBytes(place).map { ([("directory", place)], $0) } })
        addProcess(to: &text)
        return text.text
    }

    private static func addRuns(to text: inout PrometheusText, _ service: Service) async throws {
        let states = Dictionary(grouping: await service.keeper.states(), by: \.state).mapValues(\.count)
        text.add(
            "phase_runner_runs", .gauge, "Runs that have not ended, by state.",
            StoredRun.State.allCases.filter { $0 != .ended }.map {
                ([("state", $0.rawValue)], Double(states[$0] ?? 0))
            })
        var images: [String: Int] = [:]
        for report in await service.keeper.reports() {
            guard let counts = report.json["payload"]?["counts"]?.object else { continue }
            for (name, count) in counts where name != "all" { images[name, default: 0] += count.int ?? 0 }
        }
        text.add(
            "phase_runner_images", .gauge, "Images of composes that are worked on, by state.",
            imageStates.map { ([("state", $0)], Double(images[$0] ?? 0)) })
        let tally = await service.keeper.tally
        text.add(
            "phase_runner_runs_ended_total", .counter, "Runs that have ended, by the word of STATUS.",
            samples("status", statuses, tally.runs))
        text.add(
            "phase_runner_images_ended_total", .counter, "Arches of images that have ended, by outcome.",
            samples("outcome", ["done", "failed", "missing", "canceled"], tally.images))
        text.add(
            "phase_runner_failures_total", .counter, "Arches of images that failed, by class of cause.",
            samples("class", CauseClass.allCases.map(\.rawValue), tally.causes))
        text.add(
            "phase_runner_arch_build_seconds", "How long builders worked on an arch of an image.",
            histograms: tally.seconds.sorted { $0.key < $1.key }.map { ([("arch", $0.key)], $0.value) })
    }

    /// Every known value of a label, also those that nothing has: a counter that appears with its first event hides it from
    /// `increase`.
    private static func samples(
        _ label: String, _ known: [String], _ counts: [String: Int]
    ) -> [(labels: PrometheusText.Labels, value: Double)] {
        (known + counts.keys.filter { !known.contains($0) }.sorted()).map { ([(label, $0)], Double(counts[$0] ?? 0)) }
    }

    private static let statuses = ["FINISHED", "FINISHED_INCOMPLETE", "DOOMED", "TERMINATED", "none"]

    private static func addSchedules(to text: inout PrometheusText, _ service: Service) async {
        let figures = await service.schedules.figures()
        let now = Instant(seconds: service.now())
        func gauge(_ name: String, _ help: String, _ value: (ScheduleKeeper.Kept) -> Double?) {
            text.add(
                name, .gauge, help,
                figures.compactMap { name, schedule in value(schedule).map { ([("schedule", name)], $0) } })
        }
        gauge("phase_runner_schedule_next_timestamp_seconds", "When a schedule begins its next night.") { schedule in
            schedule.state.memory.pausedSince == nil ? schedule.state.nextDue(after: now)?.seconds : nil
        }
        gauge("phase_runner_schedule_last_good_timestamp_seconds", "When a night of a schedule last ended well.") {
            $0.state.memory.lastWell?.seconds
        }
        gauge("phase_runner_schedule_overdue", "Whether no night of a schedule has ended well for too long.") {
            $0.state.memory.alarm == nil ? 0 : 1
        }
        let outcomes: [NightRecord.Outcome] = [.started, .skipped, .missed, .collided]
        text.add(
            "phase_runner_schedule_nights_total", .counter, "Nights of a schedule, by what became of them.",
            figures.flatMap { name, schedule in
                outcomes.map { outcome in
                    (
                        [("schedule", name), ("outcome", outcome.rawValue)] as PrometheusText.Labels,
                        Double(schedule.counts[outcome] ?? 0)
                    )
                }
            })
    }

    static let imageStates = [
        "done", "incomplete", "open", "queued", "waiting", "failed_required", "failed_failable", "canceled",
        "left_running",
    ]

    private static func addTraffic(to text: inout PrometheusText, _ traffic: Traffic.Counts) {
        text.add(
            "phase_runner_http_requests_total", .counter, "Requests that were answered.",
            traffic.requests.map { key, count in
                ([("method", key.method), ("route", key.route), ("status", String(key.status))], Double(count))
            }.sorted { "\($0.0)" < "\($1.0)" })
        text.add(
            "phase_runner_http_request_seconds", "How long answers took; streams are not counted.",
            histograms: traffic.seconds.sorted { $0.key < $1.key }.map { ([("route", $0.key)], $0.value) })
    }

    private static func freeBytes(_ path: String) -> Double? {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { return nil }
        return Double(info.f_bavail) * Double(info.f_frsize)
    }

    private static func addProcess(to text: inout PrometheusText) {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        text.add(
            "process_cpu_seconds_total", .counter, "Processor time that the service used.",
            seconds(usage.ru_utime) + seconds(usage.ru_stime))
        let pages = (try? AtomicFile.read("/proc/self/statm", limit: 4096)) ?? nil
        let resident = pages.map { String(decoding: $0, as: UTF8.self).split(separator: " ") }
            .flatMap { $0.count > 1 ? Double($0[1]) : nil }
        if let resident {
            text.add(
                "process_resident_memory_bytes", .gauge, "Memory that the service holds.",
                resident * Double(sysconf(Int32(_SC_PAGESIZE))))
        }
        text.add("process_start_time_seconds", .gauge, "When the service began.", began)
        let descriptors = (try? FileNames.of("/proc/self/fd"))?.count ?? 0
        text.add("process_open_fds", .gauge, "Files and connections that are open.", Double(descriptors))
    }

    /// When this process began, to the second.
    private static let began = Double(time(nil))
}
