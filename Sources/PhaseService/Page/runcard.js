// What is said of a run at a glance: state, how far, until when.
import { el, setShown, setText, svg } from "./dom.js";
import { clockTime, countsInWords, distance, duration, runName, runWord, when } from "./words.js";
import { moving, now, still } from "./clock.js";
import { stateMark } from "./table.js";

const PARTS = [
    ["good", counts => counts.done],
    ["warn", counts => counts.incomplete + counts.failed_failable + counts.left_running],
    ["bad", counts => counts.failed_required], ["gone", counts => counts.canceled],
    ["busy", counts => counts.open], ["rest", counts => counts.queued],
];

/** A bar of the counts; the words beside it say the same. */
export function countsBar() {
    const bars = PARTS.map(([look]) => svg("rect", { class: look, y: 0, height: "100%" }));
    const node = svg("svg", { class: "counts", "aria-hidden": "true", width: "100%", height: 8 }, bars);
    return {
        node,
        update(counts) {
            let from = 0;
            PARTS.forEach(([, part], index) => {
                const share = counts?.all ? 100 * (part(counts) || 0) / counts.all : 0;
                bars[index].setAttribute("x", `${from}%`);
                bars[index].setAttribute("width", `${share}%`);
                from += share;
            });
        },
    };
}

/** State, times, counts and the summary of a run. */
export function runFacts() {
    const mark = stateMark();
    const rehearsal = el("span", { class: "pill warn" }, "rehearsal: nothing is built");
    const about = el("span", { class: "soft" });
    const bar = countsBar();
    const counts = el("p", { class: "counts-words" });
    const end = el("p", { class: "end" });
    const reason = el("p", { class: "reason" });
    const node = el("div", { class: "facts" },
        el("p", { class: "line" }, mark.node, rehearsal, about), bar.node, counts, end, reason);
    return {
        node,
        /** `status`: what its status document says, where that is at hand. */
        update(run, status = null) {
            mark.update(runWord(run));
            setShown(rehearsal, run.rehearsal === true);
            const words = [`for ${run.target}`, run.schedule ? `schedule ${run.schedule}` : `by ${run.requested_by}`];
            if (run.processes > 1) words.push(`taken up ${run.processes - 1}×`);
            setText(about, words.join(", "));
            const known = status?.counts ?? run.counts;
            setShown(bar.node, Boolean(known));
            bar.node.toggleAttribute("hidden", !known);
            bar.update(known);
            setText(counts, countsInWords(known));
            const expected = status?.expected_end ?? run.expected_end;
            if (run.state === "ended" || run.state === "interrupted") {
                const took = run.started && run.ended ? `, took ${duration(run.ended - run.started)}` : "";
                still(end, run.ended ? `Ended ${when(run.ended, now())}${took}` : "");
            } else if (run.started) {
                moving(end, time => {
                    const since = `Running for ${duration(time - run.started)}`;
                    if (!expected) return status?.overdue_by > 0
                        ? `${since}; should have ended ${duration(status.overdue_by)} ago` : since;
                    return time > expected ? `${since}; should have ended ${duration(time - expected)} ago`
                        : `${since}; expected to end ${clockTime(expected)}, ${distance(expected, time)}`;
                });
            } else {
                moving(end, time => `Asked for ${distance(run.requested, time)}`);
            }
            const why = [run.reason, status?.stop].filter(Boolean).join("; ");
            setText(reason, why);
            setShown(reason, Boolean(why));
        },
        leave: () => still(end, ""),
    };
}

/** A run in one line. */
export function runLine(run) {
    const mark = stateMark();
    const link = el("a", {});
    const rest = el("span", { class: "soft" });
    const node = el("li", { class: "runline" }, mark.node, link, rest);
    return {
        node,
        update(run) {
            mark.update(runWord(run));
            link.setAttribute("href", `#/run/${run.id}`);
            setText(link, runName(run));
            const time = run.ended ?? run.started ?? run.requested;
            const words = [time ? when(time, now()) : "", run.schedule ?? run.requested_by,
                run.rehearsal ? "rehearsal" : "",
                run.state === "queued" || run.state === "interrupted" ? run.reason : countsInWords(run.counts)];
            setText(rest, words.filter(Boolean).join(" · "));
        },
    };
}
