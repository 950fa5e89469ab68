// What failed: the cause, what to do about it, and what proves it.
import { el, isWeb, webLink } from "./dom.js";
import { ask } from "./service.js";
import { counted } from "./words.js";

const CLASSES = {
    builder: "a builder", network: "the network", repository: "a repository", hub: "the hub",
    content: "an error in the content", config: "an error in the configuration", unknown: "not known",
};

function failure(item) {
    const isRequired = item.required !== false && item.kind !== "missingArch";
    const tail = item.log_tail;
    const links = [[item.task_url, "The task in Koji"], [item.url === item.task_url ? null : item.url, "More of it"]]
        .filter(([address]) => isWeb(address));
    const arches = item.arches ?? (item.arch ? [item.arch] : []);
    return el("article", { class: `failure${isRequired ? " required" : ""}` },
        el("h3", {}, item.task, arches.map(arch => el("span", { class: "pill" }, arch)),
            el("span", { class: isRequired ? "bad" : "warn" }, isRequired ? "✗ failed" : "! may fail")),
        item.class || item.rule ? el("p", {}, el("strong", {}, "Cause: "),
            [CLASSES[item.class] ?? item.class, item.rule].filter(Boolean).join(", ")) : null,
        item.remedy ? el("p", { class: "remedy" }, el("strong", {}, "What to do: "), item.remedy) : null,
        item.evidence ? el("pre", { class: "evidence", tabindex: "0", role: "group",
            "aria-label": `What proves it, ${item.task}` }, item.evidence) : null,
        el("p", { class: "told" }, item.message),
        links.length ? el("p", { class: "links" }, links.map(([address, words]) => webLink(address, words))) : null,
        tail?.length ? el("details", {}, el("summary", {}, `The end of its log, ${counted(tail.length, "line")}`),
            el("pre", { class: "log", tabindex: "0", role: "group",
                "aria-label": `The end of the log of ${item.task}` }, tail.join("\n"))) : null);
}

export async function showFailures(place, id) {
    const { failures: all = [] } = await ask(`runs/${id}/failures`);
    place.replaceChildren(...all.length ? all.map(failure) : [el("p", { class: "soft" }, "Nothing has failed.")]);
}
