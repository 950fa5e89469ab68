// When each task waited and was built: a lane a task of an arch, in words beside the bar.
import { el, svg, webLink } from "./dom.js";
import { clockTime, counted, duration, lookOf } from "./words.js";
import { ask } from "./service.js";
import { now } from "./clock.js";
import { stateMark } from "./table.js";

const STEPS = [60, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];
const ENDED = new Set(["done", "built", "failed", "canceled", "incomplete"]);

/** From and to, with marks at even distances from the begin. */
export function scaleOf(tasks, until) {
    const times = tasks.flatMap(task => [task.submitted, task.settled,
        ...task.arches.flatMap(arch => [arch.started, arch.ended])]).filter(time => time > 0);
    if (times.length === 0) return null;
    const isGoing = tasks.some(task => !task.settled);
    const from = Math.min(...times);
    const to = Math.max(...times, isGoing ? until : 0, from + 60);
    const step = STEPS.find(step => (to - from) / step <= 8) ?? 86400 * Math.ceil((to - from) / 86400 / 8);
    const marks = [];
    for (let time = 0; from + time <= to; time += step) marks.push(time);
    const percent = time => Math.min(100, Math.max(0, 100 * (time - from) / (to - from)));
    return { from, to, marks, percent };
}

/** Where the two parts of a lane lie: waiting for a builder, and being built. */
export function barsOf(task, arch, scale, until) {
    const begin = task.submitted ?? arch.started;
    if (!begin) return [];
    const end = arch.ended ?? (ENDED.has(arch.state) ? task.settled ?? until : task.settled ?? until);
    const bars = [];
    const add = (kind, from, to) => {
        const x = scale.percent(from);
        bars.push({ kind, x, width: Math.max(0.3, scale.percent(to) - x) });
    };
    const start = arch.started ?? end;
    if (start > begin) add("wait", begin, start);
    if (arch.started) add(lookOf(arch.state).look, arch.started, end);
    return bars;
}

function course(task, arch, until) {
    const words = [];
    if (task.submitted && arch.started) words.push(`waited ${duration(arch.started - task.submitted)}`);
    if (arch.started) {
        const end = arch.ended ?? task.settled;
        words.push(end ? `built ${duration(end - arch.started)}` : `being built for ${duration(until - arch.started)}`);
        words.push(`${clockTime(arch.started)} to ${end ? clockTime(end) : "now"}`);
    } else if (task.submitted) {
        words.push(`submitted ${clockTime(task.submitted)}`);
    }
    if (arch.builder) words.push(`on ${arch.builder}`);
    if (task.attempt > 1) words.push(`attempt ${task.attempt}`);
    if (arch.reason) words.push(arch.reason);
    return words.join(", ");
}

function lane(task, arch, scale, until) {
    const mark = stateMark(arch.state);
    mark.update(arch.state);
    const bars = scale ? barsOf(task, arch, scale, until).map(bar => svg("rect", {
        class: `bar ${bar.kind}`, x: `${bar.x}%`, width: `${bar.width}%`,
        ...bar.kind === "wait" ? { y: 9, height: 4 } : { y: 3, height: 16, rx: 3 },
    })) : [];
    return el("li", { class: "lane" },
        el("div", {}, el("div", { class: "name" }, webLink(arch.url ?? task.url, task.id)),
            el("div", { class: "sub" }, mark.node, " ", course(task, arch, until))),
        svg("svg", { class: "track", "aria-hidden": "true", width: "100%", height: 22 },
            scale?.marks.map(mark => svg("line", {
                x1: `${scale.percent(scale.from + mark)}%`, x2: `${scale.percent(scale.from + mark)}%`, y1: 0, y2: 22,
            })), bars));
}

function marks(scale) {
    return el("div", { class: "lane marks", "aria-hidden": "true" }, el("div"),
        svg("svg", { width: "100%", height: 18 }, scale.marks.map((mark, index) => svg("text", {
            x: `${scale.percent(scale.from + mark)}%`, y: 13,
            "text-anchor": index === 0 ? "start" : scale.percent(scale.from + mark) > 94 ? "end" : "middle",
        }, mark === 0 ? clockTime(scale.from) : `+${duration(mark).replace(/ 00[ms]$/, "")}`))));
}

/** Draws the timeline of a run. */
export function drawTimeline(tasks, until) {
    const scale = scaleOf(tasks, until);
    const arches = [...new Set(tasks.flatMap(task => task.arches.map(arch => arch.arch)))].sort();
    const lanes = tasks.reduce((sum, task) => sum + task.arches.length, 0);
    return [
        ...arches.map(name => {
            const those = tasks.flatMap(task =>
                task.arches.filter(arch => arch.arch === name).map(arch => [task, arch]));
            return el("details", { class: "arch", open: lanes <= 100 },
                el("summary", {}, el("h3", {}, name), " ",
                    el("span", { class: "soft" }, counted(those.length, "task"))),
                scale ? marks(scale) : null,
                el("ol", { class: "lanes" }, those.map(([task, arch]) => lane(task, arch, scale, until))));
        }),
        el("p", { class: "soft key" },
            "Thin line: waiting for a builder. Bar: being built; dashed: failed; outlined: canceled."),
    ];
}

export async function showTimeline(place, id) {
    const document = await ask(`runs/${id}/timeline`);
    const tasks = document.tasks ?? [];
    const open = new Set([...place.querySelectorAll("details[open] h3")].map(heading => heading.textContent));
    const wasShown = place.childElementCount > 0;
    const drawn = tasks.length ? drawTimeline(tasks, now())
        : [el("p", { class: "soft" }, "Nothing was submitted.")];
    if (wasShown) {
        for (const node of drawn) {
            if (node.matches("details")) node.open = open.has(node.querySelector("h3").textContent);
        }
    }
    place.replaceChildren(...drawn);
}
