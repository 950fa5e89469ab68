// The documents of plan, validate and preflight, to be read.
import { el } from "./dom.js";
import { counted, lookOf } from "./words.js";
import { payload } from "./service.js";

const LOOKS = { error: "failed", warning: "incomplete", note: "free", passed: "done", failed: "failed",
    not_checked: "free" };
const mark = word => {
    const { look, sign } = lookOf(LOOKS[word] ?? word);
    return el("span", { class: `state ${look}` }, el("span", { class: "sign", "aria-hidden": "true" }, sign),
        word.replace("_", " "));
};

function diagnostics(all) {
    if (!all?.length) return el("p", {}, mark("passed"), " Nothing is to be said against it.");
    return el("ul", { class: "findings" }, all.map(item => el("li", {}, mark(item.severity), " ", item.message, " ",
        el("code", {}, item.code),
        item.file ? el("span", { class: "sub" }, [item.file, item.line, item.column].filter(Boolean).join(":")) : null,
        item.notes?.map(note => el("span", { class: "sub" }, note)),
        item.fix ? el("span", { class: "sub" }, el("strong", {}, "Fix: "), item.fix) : null)));
}

function task(task) {
    const arches = task.arches ?? [];
    return el("details", { class: "planned" },
        el("summary", {}, el("span", { class: "name" }, task.id), " ",
            el("span", { class: "soft" },
                arches.map(arch => arch.failable ? `${arch.arch} (may fail)` : arch.arch).join(", "),
                task.can_fail ? "; all may fail" : "")),
        el("p", { class: "sub" }, `${task.method}, variant ${task.variant}, subvariant ${task.subvariant}`),
        arches.map(arch => [el("h4", {}, arch.arch),
            arch.command ? el("pre", { class: "log", tabindex: "0" }, arch.command.join(" ")) : null]),
        el("details", {}, el("summary", {}, "Arguments of the call"),
            el("pre", { class: "log", tabindex: "0" }, JSON.stringify(task.params, null, 2))));
}

function plan({ compose, tasks = [], skipped = [], diagnostics: said }) {
    return [
        el("h2", {}, "The plan"),
        el("p", { class: "lead" }, `${compose.id}: ${counted(tasks.length, "image")}, `,
            counted(tasks.reduce((sum, task) => sum + (task.arches?.length ?? 0), 0), "task of an arch",
                "tasks of arches"),
            compose.label ? `, label ${compose.label}` : ""),
        diagnostics(said),
        el("h3", {}, "What is submitted"),
        tasks.map(task),
        skipped.length ? [el("h3", {}, "What is left out"), el("ul", {}, skipped.map(item =>
            el("li", {}, `${item.variant} ${item.block ?? ""}: ${item.reason}`)))] : null,
    ];
}

function validation({ configs = [] }) {
    return [el("h2", {}, "Validation"), configs.map(config => [
        el("p", { class: "lead" }, mark(config.passed ? "passed" : "failed"), ` ${config.config}`),
        diagnostics(config.diagnostics)])];
}

function preflight({ summary = {}, checks = [], hub, compose }) {
    const rank = ["failed", "warning", "not_checked", "passed"];
    const worstFirst = [...checks].sort((a, b) => rank.indexOf(a.verdict) - rank.indexOf(b.verdict));
    const words = Object.entries(summary).filter(([, count]) => count > 0)
        .map(([word, count]) => `${count} ${word.replace("_", " ")}`);
    return [
        el("h2", {}, "Preflight"), el("p", { class: "lead" }, `${compose} on ${hub}: ${words.join(", ")}`),
        el("ul", { class: "findings" }, worstFirst.map(check =>
            el("li", {}, mark(check.verdict), " ", el("strong", {}, check.name), check.arch ? ` ${check.arch}` : "",
                ": ", check.finding,
                check.remedy ? el("span", { class: "sub" }, el("strong", {}, "Fix: "), check.remedy) : null))),
    ];
}

const KINDS = {
    "phase-runner.plan": plan, "phase-runner.diagnostics": validation, "phase-runner.preflight": preflight,
};

/** The nodes that show a document; one of an unknown kind as it is. */
export function shownDocument(document) {
    const show = KINDS[document?.header?.type];
    const nodes = show ? show(payload(document)) : [el("pre", { class: "log", tabindex: "0" },
        JSON.stringify(document, null, 2))];
    return nodes.flat(Infinity).filter(Boolean);
}
