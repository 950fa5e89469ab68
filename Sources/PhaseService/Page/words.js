// States, times and sizes in words.

const twoDigits = number => String(number).padStart(2, "0");

/** "45s", "12m 05s", "3h 07m", "2d 4h". */
export function duration(seconds) {
    if (seconds === null || seconds === undefined) return "";
    const all = Math.max(0, Math.round(seconds));
    const minutes = Math.floor(all / 60);
    if (all < 60) return `${all}s`;
    if (all < 3600) return `${minutes}m ${twoDigits(all % 60)}s`;
    if (all < 86400) return `${Math.floor(minutes / 60)}h ${twoDigits(minutes % 60)}m`;
    return `${Math.floor(all / 86400)}d ${Math.floor((all % 86400) / 3600)}h`;
}

export const isoDay = time => new Date(time * 1000).toISOString().slice(0, 10);
export const clockTime = time => new Date(time * 1000).toISOString().slice(11, 16);

/** "04:12" today, else "2026-11-24 04:12". */
export const when = (time, now) => isoDay(time) === isoDay(now)
    ? clockTime(time) : `${isoDay(time)} ${clockTime(time)}`;

/** "in 12m 05s", "12m 05s ago". */
export const distance = (time, now) => time >= now ? `in ${duration(time - now)}` : `${duration(now - time)} ago`;

export function size(bytes) {
    if (bytes === null || bytes === undefined) return "";
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let value = Number(bytes);
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
        value /= 1024;
        unit += 1;
    }
    return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export const counted = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

// A state has a colour and, for whoever does not see it, a sign; the word stands beside them.
const LOOKS = {
    good: ["✓", ["done", "built", "FINISHED"]],
    bad: ["✗", ["failed", "failing", "DOOMED"]],
    warn: ["!", ["incomplete", "left running", "missing", "FINISHED_INCOMPLETE", "interrupted"]],
    busy: ["▸", ["open", "assigned", "submitting", "looking", "collecting", "running", "starting", "STARTED"]],
    rest: ["·", ["waiting", "free", "queued", "planned", "ended"]],
    gone: ["–", ["canceled", "canceling", "TERMINATED"]],
};
const LOOK_OF = new Map(Object.entries(LOOKS).flatMap(([look, [sign, states]]) =>
    states.map(state => [state, { look, sign }])));

/** The look (a class of the style) and the sign of a state. */
export const lookOf = state => LOOK_OF.get(state) ?? { look: "rest", sign: "·" };

/** What a run is, in one word: its status where it has one. */
export const runWord = run => run.state === "ended" ? run.status ?? "ended" : run.state;

/** How a run is called: by its compose, else by what it is made of. */
export const runName = run => run.compose ?? run.directory?.split("/").pop() ?? `${run.config} for ${run.target}`;

/** The counts that are not zero, in words. */
export function countsInWords(counts) {
    if (!counts) return "";
    const words = [
        ["done", "done"], ["incomplete", "incomplete"], ["open", "building"], ["queued", "on the hub"],
        ["waiting", "waiting"], ["failed_required", "failed"], ["failed_failable", "failed (may fail)"],
        ["canceled", "canceled"], ["left_running", "left running"],
    ];
    const parts = words.filter(([name]) => counts[name] > 0).map(([name, word]) => `${counts[name]} ${word}`);
    return `${counted(counts.all, "image")}${parts.length ? ": " : ""}${parts.join(", ")}`;
}
