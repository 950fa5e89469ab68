// The images of a run: a row an image, a cell an arch. A change touches only the cells that it changes, and rows out of
// sight are not laid out, so that five hundred images move as five do.
import { clean, el, Keyed, newID, setClass, setShown, setText, webLink } from "./dom.js";
import { clockTime, counted, duration, lookOf } from "./words.js";
import { moving, now, still } from "./clock.js";

const BUSY = new Set(["submitting", "looking", "free", "assigned", "open", "failing", "built", "collecting",
    "canceling"]);
const FILTERS = [
    ["all", "all", () => true],
    ["going", "not ended", image => image.state === "waiting" || BUSY.has(image.state)],
    ["building", "being built", image => image.arches.some(arch => arch.state === "open")],
    ["wrong", "failed or incomplete", image => ["bad", "warn"].includes(lookOf(image.state).look)],
    ["good", "done", image => image.state === "done"],
];

/** A state in its sign and word. */
export function stateMark(state) {
    const sign = el("span", { class: "sign", "aria-hidden": "true" });
    const word = el("span");
    const node = el("span", {}, sign, word);
    const update = (state, words = state) => {
        const { look, sign: drawn } = lookOf(state);
        setClass(node, `state ${look}`);
        setText(sign, drawn);
        setText(word, words);
    };
    update(state ?? "");
    return { node, update };
}

/** How long it has been at work, and until when it is thought to be; `heard` is when the numbers were told. */
function times(node, item, isGoing, heard) {
    if (item.elapsed === null || item.elapsed === undefined) return still(node, "");
    if (!isGoing) return still(node, duration(item.elapsed));
    const begin = heard - item.elapsed;
    moving(node, time => {
        const end = item.expected_end;
        const overdue = item.overdue_by > 0 ? item.overdue_by + time - heard : end ? time - end : null;
        if (overdue === null) return duration(time - begin);
        return `${duration(time - begin)}, ${overdue > 0 ? `${duration(overdue)} overdue` : `ends ${clockTime(end)}`}`;
    });
}

function archCell(arch) {
    const mark = stateMark();
    const builder = el("span", { class: "sub" });
    const time = el("span", { class: "sub" });
    const reason = el("span", { class: "sub" });
    const task = el("span", { class: "task" });
    const node = el("td", { role: "cell", "data-arch": arch }, el("span", { class: "line" }, mark.node, task), builder,
        time, reason);
    let url;
    return {
        node,
        update(item, heard, imageReason) {
            if (!item) return node.replaceChildren(el("span", { class: "soft" }, "not built"));
            mark.update(item.state);
            if (item.url !== url) {
                url = item.url;
                task.replaceChildren(url
                    ? webLink(url, String(item.hub_task), { title: `Task of ${arch} in Koji` }) : "");
            }
            // The whole name is in the title: names of builders are long, and the cells are many.
            setText(builder, item.builder?.split(".")[0] ?? "");
            const title = clean(item.builder);
            if (builder.title !== title) builder.title = title;
            times(time, item, BUSY.has(item.state) && !item.ended, heard);
            setText(reason, item.reason && item.reason !== imageReason ? item.reason : "");
        },
    };
}

function imageRow(image, arches) {
    const name = el("span", { class: "name" });
    const mark = stateMark();
    const about = el("span", { class: "sub" });
    const time = el("span", { class: "sub" });
    const reason = el("span", { class: "sub reason" });
    const cells = arches.map(arch => [arch, archCell(arch)]);
    const node = el("tr", { role: "row" },
        el("th", { scope: "row", role: "rowheader" }, name, el("span", { class: "line" }, mark.node, about, time),
            reason),
        cells.map(([, cell]) => cell.node));
    let url;
    let last;
    return {
        node,
        update(image, heard) {
            if (image === last) return;
            last = image;
            if (!name.firstChild || url !== image.url) {
                url = image.url;
                name.replaceChildren(webLink(url, image.id, { title: url ? `Task ${image.hub_task} of Koji` : null }));
            }
            mark.update(image.state);
            const words = [image.can_fail ? "may fail" : "", image.attempt > 1 ? `attempt ${image.attempt}` : ""];
            setText(about, words.filter(Boolean).join(", "));
            times(time, image, BUSY.has(image.state), heard);
            setText(reason, image.reason ?? "");
            const byArch = new Map(image.arches.map(arch => [arch.arch, arch]));
            for (const [arch, cell] of cells) cell.update(byArch.get(arch), heard, image.reason);
        },
        leave: () => still(time, ""),
    };
}

/** The table with its filter. */
export class ImageTable {
    constructor(caption) {
        this.filter = FILTERS[0];
        this.words = "";
        this.arches = [];
        this.images = [];
        const search = newID();
        const choice = newID();
        this.told = el("span", { class: "soft", "aria-live": "off" });
        this.head = el("tr", { role: "row" });
        this.body = el("tbody", { role: "rowgroup" });
        this.table = el("table", { class: "images", role: "table" },
            el("caption", { class: "unseen" }, caption),
            el("thead", { role: "rowgroup" }, this.head), this.body);
        this.node = el("div", {},
            el("div", { class: "filter" },
                el("label", { for: search }, "Find"),
                el("input", {
                    id: search, type: "search", placeholder: "image, builder or reason", autocomplete: "off",
                    input: event => { this.words = event.target.value.trim().toLowerCase(); this.sift(true); },
                }),
                el("label", { for: choice }, "Show"),
                el("select", {
                    id: choice,
                    change: event => {
                        this.filter = FILTERS.find(([name]) => name === event.target.value);
                        this.sift(true);
                    },
                }, FILTERS.map(([name, words]) => el("option", { value: name }, words))),
                this.told),
            this.table);
        this.begin([]);
    }

    /** `changed`: the rows that are new since the last showing, null: all may be. */
    show(images, changed = null) {
        const heard = now();
        this.images = images;
        const named = images.flatMap(image => image.arches.map(arch => arch.arch));
        const arches = changed ? this.arches : [...new Set(named)].sort();
        if (arches.join() !== this.arches.join()) this.begin(arches);
        if (changed && changed.every(image => this.rows.rows.has(image.id))) {
            for (const image of changed) this.rows.rows.get(image.id).update(image, heard);
        } else {
            this.heard = heard;
            this.rows.show(images);
        }
        this.sift();
    }

    begin(arches) {
        this.arches = arches;
        this.rows?.leave();
        this.body.replaceChildren();
        this.head.replaceChildren(
            el("th", { scope: "col", role: "columnheader" }, "Image"),
            ...arches.map(arch => el("th", { scope: "col", role: "columnheader" }, arch)));
        this.rows = new Keyed(this.body, image => image.id, image => {
            const row = imageRow(image, arches);
            return { ...row, update: (image, heard = this.heard) => row.update(image, heard) };
        });
    }

    /** What one asked for is said; what changes by itself is not, for it does all the time. */
    sift(isAsked = false) {
        this.told.setAttribute("aria-live", isAsked ? "polite" : "off");
        let shown = 0;
        for (const image of this.images) {
            const isShown = this.filter[2](image) && (!this.words || this.text(image).includes(this.words));
            shown += isShown;
            const row = this.rows?.rows.get(image.id);
            if (row) setShown(row.node, isShown);
        }
        setText(this.told, shown === this.images.length
            ? counted(shown, "image") : `${shown} of ${this.images.length}`);
    }

    text(image) {
        const words = [image.id, image.state, image.reason,
            ...image.arches.flatMap(a => [a.arch, a.builder, a.reason])];
        return words.filter(Boolean).join(" ").toLowerCase();
    }

    leave() {
        this.rows?.leave();
    }
}
