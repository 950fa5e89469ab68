// Questions before something is done that cannot be undone.
import { el, newID } from "./dom.js";

/**
 * Asks; gives what the form's fields say when the answer is yes, else null.
 * `fields`: elements with a `name`, shown below the words.
 */
export function confirm({ title, words, yes, no = "Back", isDanger = false, fields = [] }) {
    return new Promise(resolve => {
        const label = newID();
        const form = el("form", { method: "dialog" },
            el("h2", { id: label }, title),
            words.map(word => el("p", {}, word)),
            fields,
            el("div", { class: "buttons" },
                el("button", { type: "submit", value: "no", formnovalidate: true }, no),
                el("button", { type: "submit", value: "yes", class: isDanger ? "danger" : "main" }, yes)));
        const dialog = el("dialog", {
            "aria-labelledby": label,
            close() {
                const answer = dialog.returnValue === "yes" ? Object.fromEntries(new FormData(form)) : null;
                dialog.remove();
                resolve(answer);
            },
        }, form);
        document.body.append(dialog);
        dialog.showModal();
    });
}

/** What a problem document says. */
export function problemList(problem) {
    const one = item => [String(item.place ?? "").replace(/^\//, ""), item.detail].filter(Boolean).join(": ");
    const many = problem.problems ?? [];
    return el("div", { class: "problem", role: "alert" },
        el("p", { class: "bad" }, el("span", { class: "sign", "aria-hidden": "true" }, "✗"), " ",
            problem.title ?? problem.message, many.length === 0 && problem.detail ? `: ${problem.detail}` : ""),
        many.length ? el("ul", {}, many.map(item => el("li", {}, one(item)))) : null);
}

/** Does what a button is for: nothing twice, and what went wrong is told in `place`. */
export async function act(button, place, work) {
    // Not `disabled`: a button that loses the focus sends whoever uses the keyboard back to the top.
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    place.replaceChildren();
    try {
        await work();
    } catch (problem) {
        if (!("status" in problem)) throw problem;
        place.replaceChildren(problemList(problem));
    } finally {
        button.removeAttribute("aria-disabled");
    }
}
