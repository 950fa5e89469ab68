// How size and build time of an image go over the weeks, an arch a line; the same as a table.
import { el, newID, svg } from "./dom.js";
import { duration, isoDay, size } from "./words.js";
import { ask } from "./service.js";
import { problemList } from "./dialogs.js";

const WIDTH = 720;
const HEIGHT = 220;
const LEFT = 76;
const BOTTOM = 24;
const SHAPES = ["circle", "square", "diamond", "triangle"];

function shape(kind, x, y, attributes) {
    const r = 4;
    const points = {
        diamond: `${x},${y - r - 1} ${x + r + 1},${y} ${x},${y + r + 1} ${x - r - 1},${y}`,
        triangle: `${x},${y - r - 1} ${x + r + 1},${y + r} ${x - r - 1},${y + r}`,
    };
    if (kind === "square") return svg("rect", { ...attributes, x: x - r + 0.5, y: y - r + 0.5, width: 7, height: 7 });
    if (points[kind]) return svg("polygon", { ...attributes, points: points[kind] });
    return svg("circle", { ...attributes, cx: x, cy: y, r });
}

// Steps that a person counts in.
function ticks(most, steps) {
    const step = steps.find(step => most / step <= 4) ?? 10 ** Math.ceil(Math.log10(most / 4 || 1));
    const all = [];
    for (let value = 0; value <= most; value += step) all.push(value);
    return all;
}
const SIZES = Array.from({ length: 24 }, (_, index) => 2 ** (20 + index));
const TIMES = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

/** One drawing: `value` and `isOut` tell the member of a point. */
function chart(title, arches, value, isOut, words, steps) {
    const points = Object.values(arches).flat().filter(point => point[value] > 0);
    if (points.length === 0) return el("p", { class: "soft" }, `${title}: nothing on record.`);
    const from = Math.min(...points.map(point => point.time));
    const to = Math.max(...points.map(point => point.time), from + 86400);
    const most = 1.08 * Math.max(...points.map(point => point[value]));
    const x = time => LEFT + 8 + (WIDTH - LEFT - 20) * (time - from) / (to - from);
    const y = number => HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 10) * number / most;
    const lines = ticks(most, steps).map(tick => [
        svg("line", { class: "rule", x1: LEFT, x2: WIDTH, y1: y(tick), y2: y(tick) }),
        svg("text", { x: LEFT - 6, y: y(tick) + 4, "text-anchor": "end" }, words(tick).replace(/ 00[ms]$/, ""))]);
    const days = [0, 1 / 3, 2 / 3, 1].map(part => from + part * (to - from));
    const drawn = Object.entries(arches).map(([arch, all], index) => {
        const those = all.filter(point => point[value] > 0).sort((a, b) => a.time - b.time);
        return svg("g", { class: `curve c${index % 4}` },
            svg("polyline", {
                points: those.map(point => `${x(point.time).toFixed(1)},${y(point[value]).toFixed(1)}`).join(" "),
            }),
            those.map(point => {
                const out = point[isOut] ? ", an outlier" : "";
                const text = `${arch}, ${isoDay(point.time)}: ${words(point[value])}${out}`;
                const at = [x(point.time), y(point[value])];
                // The table below has them all; a tab stop for each point would be a long way to it.
                return svg("a", { href: `#/run/${point.run}`, "aria-label": text, tabindex: point[isOut] ? "0" : "-1" },
                    svg("title", {}, text),
                    point[isOut] ? svg("circle", { class: "out", cx: at[0], cy: at[1], r: 9 }) : null,
                    shape(SHAPES[index % 4], ...at, { class: "point" }));
            }));
    });
    return el("figure", {}, el("figcaption", {}, title),
        el("div", { class: "wide" }, svg("svg",
            { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": title },
            lines, days.map((day, index) => svg("text", {
                x: x(day), y: HEIGHT - 6, "text-anchor": index === 0 ? "start" : index === 3 ? "end" : "middle",
            }, isoDay(day).slice(5))), drawn)));
}

function numbers(arches) {
    const rows = Object.entries(arches).flatMap(([arch, points]) => points.map(point => [arch, point]))
        .sort(([, a], [, b]) => b.time - a.time);
    const out = (words, isOut) => isOut ? [words, el("span", { class: "warn" }, " ! outlier")] : words;
    return el("details", {}, el("summary", {}, "The same as a table"),
        el("table", { class: "plain" }, el("caption", { class: "unseen" }, "Sizes and build times"),
            el("thead", {}, el("tr", {},
                ["Night", "Arch", "Size", "Build time"].map(name => el("th", { scope: "col" }, name)))),
            el("tbody", {}, rows.map(([arch, point]) => el("tr", {},
                el("th", { scope: "row" }, el("a", { href: `#/run/${point.run}` }, isoDay(point.time))),
                el("td", {}, arch),
                el("td", {}, out(size(point.size), point.size_outlier)),
                el("td", {}, out(duration(point.seconds), point.seconds_outlier)))))));
}

const outliers = arches => Object.values(arches).flat().filter(point => point.size_outlier || point.seconds_outlier);

function drawn(arches) {
    const names = Object.keys(arches);
    return [
        el("ul", { class: "legend" }, names.map((arch, index) => el("li", {},
            svg("svg", { class: `curve c${index % 4}`, width: 16, height: 16, "aria-hidden": "true" },
                shape(SHAPES[index % 4], 8, 8, { class: "point" })), " ", arch)),
        el("li", {}, svg("svg", { width: 20, height: 20, "aria-hidden": "true" },
            svg("circle", { class: "out", cx: 10, cy: 10, r: 8 })), " an outlier")),
        chart("Size", arches, "size", "size_outlier", size, SIZES),
        chart("Build time", arches, "seconds", "seconds_outlier", duration, TIMES),
        numbers(arches),
    ];
}

export function view(root, _, query) {
    const weeks = query.get("weeks") ?? "8";
    const image = query.get("image") ?? "";
    const to = changes => {
        const said = Object.entries({ weeks, image, ...changes }).filter(([, value]) => value);
        return `#/curves?${new URLSearchParams(said)}`;
    };
    const [imageID, weeksID, listID] = [newID(), newID(), newID()];
    const list = el("datalist", { id: listID });
    const near = el("div");
    const place = el("div", { "aria-busy": "true" });
    root.append(el("h1", { tabindex: "-1" }, "Curves"),
        el("form", {
            class: "filter", submit(event) {
                event.preventDefault();
                location.hash = to({ image: new FormData(event.target).get("image").trim() });
            },
        },
        el("label", { for: imageID }, "Image"),
        el("input", { id: imageID, name: "image", list: listID, value: image, autocomplete: "off" }),
        el("button", { type: "submit" }, "Show"),
        el("label", { for: weeksID }, "Weeks"),
        el("select", { id: weeksID, change: event => { location.hash = to({ weeks: event.target.value }); } },
            ["2", "4", "8", "26", "52"].map(value => el("option", { value, selected: value === weeks }, value))),
        list),
        place, near);
    let isGone = false;
    const fail = problem => !isGone && place.replaceChildren(problemList(problem));
    const show = (name, arches) => {
        place.replaceChildren(el("h2", {}, name), ...arches ? drawn(arches)
            : [el("p", { class: "soft" }, "Nothing is on record of an image of this name in these weeks.")]);
        place.removeAttribute("aria-busy");
    };
    if (image) {
        ask(`history/images?${new URLSearchParams({ image, weeks })}`)
            .then(answer => !isGone && show(image, answer.images[image]), fail);
    }
    // What there is, and what stood out lately: of two weeks only, for all images of all weeks are very many.
    ask("history/images?weeks=2").then(answer => {
        if (isGone) return;
        const ids = Object.keys(answer.images).sort();
        list.replaceChildren(...ids.map(id => el("option", { value: id })));
        const odd = ids.map(id => [id, outliers(answer.images[id]).length]).filter(([, count]) => count > 0);
        near.replaceChildren(el("section", {}, el("h2", {}, "What stood out in the last two weeks"),
            odd.length ? el("ul", {}, odd.slice(0, 20).map(([id, count]) => el("li", {},
                el("a", { href: to({ image: id }) }, id), ` ${count === 1 ? "once" : `${count} times`}`)))
                : el("p", { class: "soft" }, ids.length ? "Nothing." : "No image is on record.")));
        const first = odd[0]?.[0] ?? ids[0];
        if (image) return;
        if (first) {
            ask(`history/images?${new URLSearchParams({ image: first, weeks })}`)
                .then(answer => !isGone && show(first, answer.images[first]), fail);
        } else {
            place.removeAttribute("aria-busy");
        }
    }, fail);
    return { title: "Curves", leave() { isGone = true; } };
}
