// The images that a run has collected.
import { el, newID, setShown, setText, webLink } from "./dom.js";
import { counted, size } from "./words.js";
import { ask } from "./service.js";

// Of a tenth it is worth a look.
const WORTH_A_LOOK = 0.1;

/** How much larger than in the compose before. */
function change({ size, previous_size: before, is_new: isNew }) {
    if (isNew) return el("span", { class: "sub" }, "new");
    if (!before || before === size) return null;
    const part = size / before - 1;
    const words = `${part > 0 ? "+" : "−"}${Math.abs(100 * part).toFixed(1)} %`;
    const isMuch = Math.abs(part) >= WORTH_A_LOOK;
    return el("span", { class: isMuch ? "sub warn" : "sub" }, isMuch ? "! " : "", words);
}

function row(image) {
    const sums = Object.entries(image.checksums ?? {});
    const name = image.path.split("/").pop();
    return el("tr", { role: "row" },
        el("th", { scope: "row", role: "rowheader" }, el("span", { class: "name", title: image.path }, name),
            el("span", { class: "sub" }, [image.variant, image.subvariant].filter(Boolean).join(" / "),
                image.made?.nvr ? [", ", webLink(image.made.build_url ?? image.made.url, image.made.nvr)] : null),
            image.findings?.map(finding => el("span", { class: "sub warn" }, "! ", finding.code, ": ",
                finding.message))),
        el("td", { role: "cell", "data-name": "Arch" }, image.arch),
        el("td", { role: "cell", "data-name": "Type" }, image.type, el("span", { class: "sub" }, image.format)),
        el("td", { role: "cell", "data-name": "Size", class: "number", title: `${image.size} bytes` }, size(image.size),
            change(image)),
        el("td", { role: "cell", "data-name": "Checksums" }, sums.map(([kind, sum]) => el("details", { class: "sum" },
            el("summary", {}, `${kind} ${sum.slice(0, 8)}…`), el("code", {}, sum)))));
}

export async function showImages(place, id) {
    const document = await ask(`runs/${id}/images`);
    const { images = [] } = document;
    if (images.length === 0) return place.replaceChildren(el("p", { class: "soft" }, "Nothing has been collected."));
    const all = images.reduce((sum, image) => sum + image.size, 0);
    const found = images.filter(image => image.findings?.length).length;
    const rows = images.map(image => [image, row(image)]);
    const search = newID();
    const told = el("span", { class: "soft", role: "status" });
    const words = `${counted(images.length, "file")}, ${size(all)}${found ? `, ${found} with findings` : ""}`;
    setText(told, words);
    const sift = event => {
        const wanted = event.target.value.trim().toLowerCase();
        let shown = 0;
        for (const [image, node] of rows) {
            const text = [image.path, image.arch, image.type, ...(image.findings ?? []).map(f => f.message)].join(" ");
            const isShown = text.toLowerCase().includes(wanted);
            shown += isShown;
            setShown(node, isShown);
        }
        setText(told, shown === images.length ? words : `${shown} of ${images.length}`);
    };
    place.replaceChildren(
        el("div", { class: "filter" }, el("label", { for: search }, "Find"),
            el("input", { id: search, type: "search", input: sift, autocomplete: "off" }), told),
        el("table", { class: "results", role: "table" }, el("caption", { class: "unseen" }, "Collected images"),
            el("thead", { role: "rowgroup" },
                el("tr", { role: "row" }, ["File", "Arch", "Type", "Size", "Checksums"].map(name =>
                el("th", { scope: "col", role: "columnheader" }, name)))),
            el("tbody", { role: "rowgroup" }, rows.map(([, node]) => node))));
}
