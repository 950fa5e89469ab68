// What runs now: each run with its images, what waits to run, what is planned, and what ended lately.
import { el, Keyed, setShown, setText } from "./dom.js";
import { runName, when, distance } from "./words.js";
import { moving, now, still } from "./clock.js";
import * as overview from "./overview.js";
import { follow } from "./progress.js";
import { runFacts, runLine } from "./runcard.js";
import { ImageTable, stateMark } from "./table.js";
import { scheduleWord } from "./schedules.js";

// So many runs have their images shown without being asked.
const OPEN_CARDS = 3;
let openCards = 0;

function runCard(run) {
    const title = el("a", { href: `#/run/${run.id}` });
    const facts = runFacts();
    const table = new ImageTable(`Images of ${runName(run)}`);
    const trouble = el("p", { class: "soft" });
    const summary = el("summary", {}, "Images");
    const images = el("details", {}, summary, trouble, table.node);
    const node = el("article", { class: "card run" }, el("h3", {}, title), facts.node, images);
    let known = run;
    let stop = null;
    const fold = () => {
        if (!images.open) {
            stop?.();
            stop = null;
        } else {
            stop ??= follow(run.id, (status, changed) => {
                setText(trouble, "");
                setShown(table.node, true);
                table.show(status.images ?? [], changed);
                facts.update(known, status);
            }, problem => {
                if (table.images.length === 0) setText(trouble,
                    `Nothing is known of its images yet (${problem.message}).`);
            });
        }
    };
    setShown(table.node, false);
    images.addEventListener("toggle", fold);
    if (openCards < OPEN_CARDS) {
        openCards += 1;
        images.open = true;
    }
    return {
        node,
        update(run) {
            known = run;
            setText(title, runName(run));
            facts.update(run);
        },
        leave() {
            stop?.();
            if (images.open) openCards -= 1;
            facts.leave();
            table.leave();
        },
    };
}

function scheduleRow(schedule) {
    const name = el("a", { href: "#/schedules" });
    const mark = stateMark();
    const next = el("span");
    const rest = el("span", { class: "soft" });
    const node = el("li", { class: "runline" }, mark.node, name, next, rest);
    return {
        node,
        update(schedule) {
            const [state, words] = scheduleWord(schedule);
            mark.update(state, words);
            setText(name, schedule.name);
            if (schedule.next && !schedule.paused) {
                moving(next, time => `next ${when(schedule.next, time)} (${distance(schedule.next, time)})`);
            } else {
                still(next, "no next time");
            }
            const { last } = schedule;
            setText(rest, [schedule.alarm ? schedule.alarm_reason : "",
                last ? `last ${when(last.time, now())}: ${last.outcome}${last.reason ? `, ${last.reason}` : ""}` : ""]
                .filter(Boolean).join(" · "));
        },
        leave: () => still(next, ""),
    };
}

const part = (title, list) => {
    const node = el("section", {}, el("h2", {}, title), list);
    return { node, list };
};

export function view(root) {
    openCards = 0;
    const said = el("p", { class: "lead" });
    const running = part("Running", el("div", {}));
    const queued = part("Waiting to run", el("ul", { class: "lines card" }));
    const schedules = part("Schedules", el("ul", { class: "lines card" }));
    const lately = part("Ended lately", el("ul", { class: "lines card" }));
    lately.node.append(el("p", {}, el("a", { href: "#/runs" }, "All runs")));
    root.append(el("h1", { tabindex: "-1" }, "Now"), said, running.node, queued.node, schedules.node, lately.node);
    const lists = [
        [running, new Keyed(running.list, run => run.id, runCard),
            run => ["starting", "running", "interrupted"].includes(run.state)],
        [queued, new Keyed(queued.list, run => run.id, runLine), run => run.state === "queued"],
        [lately, new Keyed(lately.list, run => run.id, runLine), run => run.state === "ended"],
    ];
    const planned = new Keyed(schedules.list, schedule => schedule.name, scheduleRow);

    const show = () => {
        const runs = overview.allRuns();
        if (!overview.isKnown()) return setText(said, "Asking the service …");
        const counts = lists.map(([part, list, belongs]) => {
            const those = runs.filter(belongs);
            setShown(part.node, those.length > 0);
            list.show(part === lately ? those.slice(0, 8) : those);
            return those.length;
        });
        const all = overview.allSchedules();
        planned.show(all);
        setShown(schedules.node, all.length > 0);
        const alarms = all.filter(schedule => schedule.alarm).length;
        setText(said, [
            counts[0] ? `${counts[0]} running` : "Nothing is running",
            counts[1] ? `${counts[1]} waiting to run` : "",
            alarms ? `${alarms} ${alarms === 1 ? "schedule is" : "schedules are"} in alarm` : "",
        ].filter(Boolean).join(", ") + ".");
    };
    const forget = overview.onOverview(show);
    show();
    return {
        title: "Now",
        leave() {
            forget();
            for (const [, list] of lists) list.leave();
            planned.leave();
        },
    };
}
