// The schedules: when each begins next, how it went, and what may be done about it.
import { el, Keyed, setShown, setText } from "./dom.js";
import { distance, duration, when } from "./words.js";
import { moving, now, still } from "./clock.js";
import { can, post } from "./service.js";
import { act, confirm } from "./dialogs.js";
import * as overview from "./overview.js";
import { stateMark } from "./table.js";

/** The state of a schedule as one that has a look, and the word for it. */
export function scheduleWord(schedule) {
    if (schedule.alarm) return ["failed", "alarm"];
    if (schedule.running !== null && schedule.running !== undefined) return ["running", "running"];
    if (schedule.paused) return ["canceled", "paused"];
    return ["done", "in order"];
}

function lastWords(last) {
    if (!last) return "not yet begun";
    const words = { started: "started", skipped: "skipped", missed: "missed", collided: "held up by another run" };
    const course = [words[last.outcome] ?? last.outcome, last.tries > 1 ? `${last.tries} tries` : "",
        last.status ? `ended ${last.status}` : ""].filter(Boolean).join(", ");
    return `${when(last.time, now())} ${course}${last.reason ? `: ${last.reason}` : ""}`;
}

const fact = (name, value) => el("div", {}, el("dt", {}, name), value);

function card(first) {
    const path = `schedules/${encodeURIComponent(first.name)}`;
    const mark = stateMark();
    const alarm = el("p", { class: "bad" });
    const [next, last, good, what, runs] = Array.from({ length: 5 }, () => el("dd"));
    const lastRun = el("a");
    const place = el("div");
    const button = (words, work) => el("button",
        { type: "button", click: event => act(event.currentTarget, place, work) }, words);
    const start = button("Start now", async () => {
        const yes = await confirm({
            title: `Start ${first.name} now?`, words: ["A run is begun at once. Its next time stays as it is."],
            yes: "Start",
        });
        if (!yes) return;
        const run = await post(`${path}/start`);
        overview.learn(run.run);
        location.hash = `#/run/${run.run.id}`;
    });
    const pause = button("Pause", async () => {
        const yes = await confirm({
            title: `Pause ${first.name}?`,
            words: ["No night begins by itself until it is taken up again. What runs goes on."],
            yes: "Pause",
        });
        if (yes) learned(await post(`${path}/pause`), true);
    });
    const unpause = button("Take up again", async () => learned(await post(`${path}/unpause`), false));
    const learned = (answer, paused) => {
        overview.learnSchedule(answer?.name ? answer : answer?.schedule ?? { ...known, paused });
    };
    const buttons = el("div", { class: "buttons", "data-role": "operate" }, start, pause, unpause);
    let known = first;
    const node = el("article", { class: "card" },
        el("h2", {}, first.name, " ", mark.node), alarm,
        el("dl", {}, fact("Next", next), fact("Last", last), fact("Last good", good), fact("Begins", what),
            fact("Makes", runs)),
        buttons, place);
    return {
        node,
        update(schedule) {
            known = schedule;
            mark.update(...scheduleWord(schedule));
            setText(alarm, schedule.alarm ? schedule.alarm_reason ?? "It has not ended well for too long." : "");
            setShown(alarm, schedule.alarm);
            if (schedule.paused) still(next, "paused: none by itself");
            else if (schedule.next) moving(next,
                time => `${when(schedule.next, time)}, ${distance(schedule.next, time)}`);
            else still(next, "none");
            const run = schedule.running ?? schedule.last?.run;
            lastRun.setAttribute("href", `#/run/${run}`);
            setText(lastRun, schedule.running ? "what runs now" : "the run");
            last.replaceChildren(`${lastWords(schedule.last)} `, ...run ? [lastRun] : []);
            if (schedule.last_good) moving(good,
                time => `${when(schedule.last_good, time)}, ${duration(time - schedule.last_good)} ago`);
            else still(good, "never");
            setText(what, `${schedule.calendar} (${schedule.time_zone})`);
            setText(runs, `${schedule.config} for ${schedule.target}`);
            setShown(buttons, can("operate"));
            setShown(pause, !schedule.paused);
            setShown(unpause, schedule.paused);
        },
    };
}

export function view(root) {
    const none = el("p", { class: "soft" });
    const list = el("div", { class: "cards" });
    root.append(el("h1", { tabindex: "-1" }, "Schedules"), none, list);
    const cards = new Keyed(list, schedule => schedule.name, card);
    const show = () => {
        const all = overview.allSchedules();
        setText(none, all.length || !overview.isKnown() ? "" : "The settings of the service name no schedules.");
        cards.show(all);
    };
    const forget = overview.onOverview(show);
    show();
    return { title: "Schedules", leave: forget };
}
