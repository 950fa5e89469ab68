// What the service has: its runs and schedules, kept up to date by one stream for the whole page.
import { Stream } from "./streams.js";

const runs = new Map();
const schedules = new Map();
const watchers = new Set();
let stream = null;
let isHeard = false;

/** Runs that are known, newest first. */
export const allRuns = () => [...runs.values()].sort((a, b) => b.id - a.id);
export const run = id => runs.get(id);
export const allSchedules = () => [...schedules.values()].sort((a, b) => a.name.localeCompare(b.name));
/** Whether the service has told what it has. */
export const isKnown = () => isHeard;

// One showing for all events of a moment.
let isTelling = false;
function tell() {
    if (isTelling) return;
    isTelling = true;
    setTimeout(() => {
        isTelling = false;
        for (const watcher of [...watchers]) watcher();
    }, 100);
}

/** Calls `watcher` when something has changed; gives what ends that. */
export function onOverview(watcher) {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
}

const listeners = new Set();
/** Calls `hear(run)` when a run has another state than before. */
export const onTurn = hear => listeners.add(hear);

/** Takes in a run that an answer told of. */
export function learn(run) {
    const known = runs.get(run.id);
    runs.set(run.id, run);
    if (known && (known.state !== run.state || known.status !== run.status)) for (const hear of listeners) hear(run);
    tell();
}

export function learnSchedule(schedule) {
    schedules.set(schedule.name, schedule);
    tell();
}

/** Begins to listen, or stops where nothing may be read. */
export function listen(may) {
    if (!may) {
        stream?.close();
        stream = null;
        runs.clear();
        schedules.clear();
        isHeard = false;
    } else if (!stream) {
        stream = new Stream("events", {
            snapshot(all) {
                schedules.clear();
                for (const schedule of all.schedules ?? []) schedules.set(schedule.name, schedule);
                for (const run of all.runs ?? []) learn(run);
                // What had not ended and is not told any more is not known any more.
                const told = new Set((all.runs ?? []).map(run => run.id));
                for (const [id, known] of runs) if (known.state !== "ended" && !told.has(id)) runs.delete(id);
                isHeard = true;
                tell();
            },
            run: event => learn(event.run),
            schedule: event => learnSchedule(event.schedule),
        });
    }
}
