// All runs, newest first.
import { el, Keyed, newID, setShown, setText } from "./dom.js";
import { ask } from "./service.js";
import { act } from "./dialogs.js";
import { runLine } from "./runcard.js";

const STATES = ["", "queued", "starting", "running", "interrupted", "ended"];
const WORDS = ["", "FINISHED", "FINISHED_INCOMPLETE", "DOOMED", "TERMINATED"];
const PAGE = 50;

export function view(root, _, query) {
    const list = el("ul", { class: "lines card" });
    const none = el("p", { class: "soft", role: "status" });
    const place = el("div");
    const lines = new Keyed(list, run => run.id, runLine);
    const filters = { state: query.get("state") ?? "", status: query.get("status") ?? "",
        schedule: query.get("schedule") ?? "" };
    let runs = [];
    let next = null;
    const more = el("button", { type: "button", click: event => act(event.currentTarget, place, () => load(next)) },
        "Show more");
    const load = async before => {
        const asked = new URLSearchParams({ limit: PAGE });
        for (const [name, value] of Object.entries(filters)) if (value) asked.set(name, value);
        if (before) asked.set("before", before);
        const answer = await ask(`runs?${asked}`);
        runs = before ? [...runs, ...answer.runs] : answer.runs;
        next = answer.next;
        lines.show(runs);
        setShown(list, runs.length > 0);
        setShown(more, next !== null && next !== undefined);
        setText(none, runs.length ? "" : "No run is like that.");
    };
    const again = () => {
        const asked = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
        history.replaceState(null, "", `#/runs${asked.size ? `?${asked}` : ""}`);
        act(more, place, () => load(null));
    };
    const choice = (name, words, values) => {
        const id = newID();
        return [el("label", { for: id }, words), el("select", {
            id, change: event => { filters[name] = event.target.value; again(); },
        }, values.map(value => el("option", { value, selected: filters[name] === value }, value || "all")))];
    };
    const schedule = newID();
    root.append(el("h1", { tabindex: "-1" }, "Runs"),
        el("div", { class: "filter" }, choice("state", "State", STATES), choice("status", "Ended as", WORDS),
            el("label", { for: schedule }, "Schedule"),
            el("input", {
                id: schedule, type: "search", value: filters.schedule,
                change: event => { filters.schedule = event.target.value.trim(); again(); },
            })),
        place, none, list, more);
    setShown(more, false);
    act(more, place, () => load(null));
    return { title: "Runs", leave() {} };
}
