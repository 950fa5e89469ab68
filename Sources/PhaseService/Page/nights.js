// The last weeks: a row an image, a column a night. What broke last stands first.
import { el, newID, setText } from "./dom.js";
import { counted, isoDay, lookOf } from "./words.js";
import { ask } from "./service.js";
import { problemList } from "./dialogs.js";
import * as overview from "./overview.js";

const FIRST_ROWS = 100;
const WORST = ["failed", "canceled", "missing", "done"];
const SIGNS = { done: "✓", failed: "✗", missing: "!", canceled: "–" };

/** The word of a cell: the worst of its arches. */
export const worst = arches => WORST.find(word => Object.values(arches ?? {}).includes(word)) ?? null;

const dayOf = night => isoDay(night.requested);

/** Images, those first that broke latest, then by name. */
export function order(nights) {
    const ids = [...new Set(nights.flatMap(night => Object.keys(night.images)))];
    const rank = id => {
        const back = [...nights].reverse().findIndex(night => ![null, "done"].includes(worst(night.images[id])));
        return back < 0 ? Infinity : back;
    };
    const ranks = new Map(ids.map(id => [id, rank(id)]));
    return ids.sort((a, b) => ranks.get(a) === ranks.get(b) ? a.localeCompare(b) : ranks.get(a) - ranks.get(b));
}

function words(id, night) {
    const arches = Object.entries(night.images[id] ?? {});
    const states = arches.length ? arches.map(([arch, word]) => `${arch} ${word}`).join(", ") : "not built";
    return `${id}, ${dayOf(night)}: ${states}`;
}

function grid(nights, ids) {
    const cells = [];
    const rows = ids.map((id, y) => {
        const line = nights.map((night, x) => {
            const word = worst(night.images[id]);
            const text = words(id, night);
            return el("td", {
                role: "gridcell", class: `cell ${word ? lookOf(word).look : "none"}`, tabindex: "-1", title: text,
                "aria-label": text, "data-x": x, "data-y": y, "data-run": night.run,
            }, el("span", { "aria-hidden": "true" }, SIGNS[word] ?? "·"));
        });
        cells.push(line);
        return el("tr", { role: "row" }, el("th", { scope: "row", role: "rowheader" }, id), line);
    });
    const head = el("tr", { role: "row" }, el("td", { role: "columnheader" }, el("span", { class: "unseen" }, "Image")),
        nights.map(night => {
            const { look, sign } = lookOf(night.status ?? "running");
            const name = `${night.compose ?? dayOf(night)}, ${night.status ?? "has not ended"}`;
            return el("th", { scope: "col", role: "columnheader" },
                el("a", { href: `#/run/${night.run}`, "aria-label": name, title: name },
                    el("span", { class: "day" }, dayOf(night).slice(5)),
                    el("span", { class: look, "aria-hidden": "true" }, sign),
                    night.rehearsal ? el("span", { class: "sub", title: "rehearsal" }, "R") : null));
        }));
    const go = cell => {
        location.hash = `#/run/${cell.dataset.run}/failures`;
    };
    let at = cells[0]?.at(-1);
    if (at) at.tabIndex = 0;
    const move = (x, y) => {
        const next = cells[Math.min(cells.length - 1, Math.max(0, y))]?.[Math.min(nights.length - 1, Math.max(0, x))];
        if (!next) return;
        at.tabIndex = -1;
        at = next;
        at.tabIndex = 0;
        at.focus();
    };
    return el("table", {
        class: "nights", role: "grid", "aria-label": "Images by night; arrow keys move, Enter opens the run",
        click: event => {
            const cell = event.target.closest("td.cell");
            if (cell) go(cell);
        },
        keydown: event => {
            const cell = event.target.closest("td.cell");
            if (!cell) return;
            const [x, y] = [Number(cell.dataset.x), Number(cell.dataset.y)];
            const ways = {
                ArrowLeft: [x - 1, y], ArrowRight: [x + 1, y], ArrowUp: [x, y - 1], ArrowDown: [x, y + 1],
                Home: [0, y], End: [nights.length - 1, y],
            };
            if (event.key === "Enter" || event.key === " ") go(cell);
            else if (ways[event.key]) move(...ways[event.key]);
            else return;
            event.preventDefault();
        },
    }, el("thead", { role: "rowgroup" }, head), el("tbody", { role: "rowgroup" }, rows));
}

/** What broke in the last night, in words. */
function lastNight(nights) {
    const night = nights.findLast(night => night.status);
    if (!night) return [el("p", { class: "soft" }, nights.length ? "No night has ended." : "No night is on record.")];
    const broken = Object.entries(night.images).filter(([, arches]) => ![null, "done"].includes(worst(arches)));
    const all = Object.keys(night.images).length;
    return [
        el("p", { class: "lead" }, "The last night, ",
            el("a", { href: `#/run/${night.run}` }, night.compose ?? dayOf(night)),
            `: ${night.status}, `,
            broken.length ? `${broken.length} of ${counted(all, "image")} not good.`
                : `${counted(all, "image")}, all good.`),
        broken.length ? el("ul", { class: "broken" }, broken.slice(0, 12).map(([id, arches]) => el("li", {},
            el("a", { href: `#/run/${night.run}/failures` }, id), " ",
            Object.entries(arches).filter(([, word]) => word !== "done")
                .map(([arch, word]) => `${arch} ${word}`).join(", "))),
        broken.length > 12 ? el("li", {}, `and ${broken.length - 12} more`) : null) : null,
    ];
}

export function view(root, _, query) {
    const weeks = query.get("weeks") ?? "4";
    const schedule = query.get("schedule") ?? "";
    const onlyBroken = query.get("only") === "broken";
    const again = changes => {
        const asked = { weeks, schedule, only: onlyBroken ? "broken" : "", ...changes };
        location.hash = `#/nights?${new URLSearchParams(Object.entries(asked).filter(([, value]) => value))}`;
    };
    const [weeksID, scheduleID, onlyID] = [newID(), newID(), newID()];
    // The names come with the overview, which may be later than this view.
    const choice = el("select", { id: scheduleID, change: event => again({ schedule: event.target.value }) });
    const name = () => {
        const names = new Set(["", ...overview.allSchedules().map(one => one.name), schedule]);
        if (choice.options.length === names.size) return;
        choice.replaceChildren(...[...names].map(value =>
            el("option", { value, selected: value === schedule }, value || "all")));
    };
    const forget = overview.onOverview(name);
    name();
    const place = el("div", { "aria-busy": "true" }, el("p", { class: "soft" }, "Asking the service …"));
    root.append(el("h1", { tabindex: "-1" }, "Nights"),
        el("div", { class: "filter" },
            el("label", { for: weeksID }, "Weeks"),
            el("select", { id: weeksID, change: event => again({ weeks: event.target.value }) },
                ["2", "4", "8", "12"].map(value => el("option", { value, selected: value === weeks }, value))),
            el("label", { for: scheduleID }, "Schedule"),
            choice,
            el("label", {}, el("input", {
                id: onlyID, type: "checkbox", checked: onlyBroken,
                change: event => again({ only: event.target.checked ? "broken" : "" }),
            }), " only what broke")),
        place);
    let isGone = false;
    const asked = new URLSearchParams({ weeks, ...schedule ? { schedule } : {} });
    ask(`history/nights?${asked}`).then(answer => {
        if (isGone) return;
        const nights = [...answer.nights].sort((a, b) => a.requested - b.requested);
        const ids = order(nights).filter(id => !onlyBroken
            || nights.some(night => ![null, "done"].includes(worst(night.images[id]))));
        const box = el("div", { class: "wide" });
        const draw = shown => {
            box.replaceChildren(grid(nights, ids.slice(0, shown)));
            box.scrollLeft = box.scrollWidth;
        };
        const more = ids.length > FIRST_ROWS ? el("button", {
            type: "button", click() { draw(ids.length); more.remove(); box.querySelector("[tabindex='0']")?.focus(); },
        }, `Show all ${ids.length} images`) : null;
        const key = el("p", { class: "soft key" });
        setText(key, "✓ done, ✗ failed, ! an arch is missing, – canceled, · not built. What broke last stands first.");
        place.replaceChildren(...lastNight(nights).filter(Boolean), ...ids.length
            ? [key, box, ...more ? [more] : []] : []);
        if (ids.length) draw(FIRST_ROWS);
    }, problem => !isGone && place.replaceChildren(problemList(problem)))
        .finally(() => place.removeAttribute("aria-busy"));
    return { title: "Nights", leave() { isGone = true; forget(); } };
}
