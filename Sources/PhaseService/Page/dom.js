// Building and changing what is shown. Values come from hubs, logs and configurations and are never markup: all text
// goes in as text, with the signs made visible that turn the direction of writing or show nothing.

const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

export const clean = value =>
    String(value ?? "").replace(UNSEEN, sign => `\\u{${sign.codePointAt(0).toString(16)}}`);

function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (typeof value === "function") node.addEventListener(name, value);
        else node.setAttribute(name, value === true ? "" : clean(value));
    }
    for (const child of children.flat(Infinity)) {
        if (child === null || child === undefined || child === false) continue;
        node.append(child instanceof Node ? child : clean(child));
    }
    return node;
}

/** An element; a function among the attributes is a listener for the event of that name. */
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
    fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

/** Changes a text only where it is another: a page with a thousand cells is not laid out again for nothing. */
export function setText(node, value) {
    const text = clean(value);
    const first = node.firstChild;
    if (first?.nodeType === Node.TEXT_NODE && first === node.lastChild) {
        if (first.data !== text) first.data = text;
    } else if (first || text) node.textContent = text;
}

export function setClass(node, name) {
    if (node.getAttribute("class") !== name) node.setAttribute("class", name);
}

export function setShown(node, isShown) {
    if (node.hidden === isShown) node.hidden = !isShown;
}

/** Whether an address is one of the web: a hub may say javascript:. */
export function isWeb(address) {
    try {
        return ["http:", "https:"].includes(new URL(String(address)).protocol);
    } catch {
        return false;
    }
}

/** A link, if the address is one of the web; else the words alone. */
export function webLink(address, words, attributes = {}) {
    if (!isWeb(address)) return el("span", attributes, words);
    return el("a", { ...attributes, href: String(address), rel: "noreferrer noopener", target: "_blank" }, words);
}

/** The children of an element, one for each item, kept from one showing to the next by the items' keys. */
export class Keyed {
    constructor(parent, key, make) {
        this.parent = parent;
        this.key = key;
        this.make = make;
        this.rows = new Map();
    }

    /** `make(item)` gives `{node, update(item)}`. */
    show(items) {
        const wanted = new Set(items.map(this.key));
        for (const [key, row] of this.rows) {
            if (wanted.has(key)) continue;
            row.leave?.();
            row.node.remove();
            this.rows.delete(key);
        }
        let place = this.parent.firstElementChild;
        for (const item of items) {
            const key = this.key(item);
            let row = this.rows.get(key);
            if (!row) this.rows.set(key, row = this.make(item));
            row.update(item);
            if (row.node === place) place = place.nextElementSibling;
            else this.parent.insertBefore(row.node, place);
        }
    }

    leave() {
        for (const row of this.rows.values()) row.leave?.();
        this.rows.clear();
    }
}

let count = 0;
/** A new id, for labels. */
export const newID = () => `e${count += 1}`;
