// What failed: the cause, what to do about it, and what proves it.
import { el, isWeb, webLink } from "./dom.js";
import { ask, payload } from "./service.js";
import { counted } from "./words.js";

const CLASSES = {
    content: "an error in the content", configuration: "an error in the configuration", hub: "the hub", builder: "a builder",
    network: "the network", repository: "a repository", tool: "a tool",
};

function failure(item) {
    const isRequired = item.required !== false && item.kind !== "missingArch";
    const tail = item.log_tail;
    return el("article", { class: `failure${isRequired ? " required" : ""}` },
        el("h3", {}, item.task, item.arch ? el("span", { class: "pill" }, item.arch) : null,
            el("span", { class: isRequired ? "bad" : "warn" }, isRequired ? "✗ failed" : "! may fail")),
        item.class || item.rule ? el("p", {}, el("strong", {}, "Cause: "),
            [CLASSES[item.class] ?? item.class, item.rule].filter(Boolean).join(", ")) : null,
        item.remedy ? el("p", { class: "remedy" }, el("strong", {}, "What to do: "), item.remedy) : null,
        item.evidence ? el("pre", { class: "evidence", tabindex: "0", role: "group", "aria-label": `What proves it, ${item.task}` }, item.evidence) : null,
        el("p", { class: "told" }, item.message),
        isWeb(item.url) ? el("p", {}, webLink(item.url, /taskinfo/.test(item.url) ? "The task in Koji" : "More of it")) : null,
        tail?.length ? el("details", {}, el("summary", {}, `The end of its log, ${counted(tail.length, "line")}`),
            el("pre", { class: "log", tabindex: "0", role: "group", "aria-label": `The end of the log of ${item.task}` }, tail.join("\n"))) : null);
}

export async function showFailures(place, id) {
    const document = payload(await ask(`runs/${id}/failures`));
    const all = Array.isArray(document) ? document : document.failures ?? [];
    place.replaceChildren(...all.length ? all.map(failure) : [el("p", { class: "soft" }, "Nothing has failed.")]);
}
