// One run: its facts, and below them one of its pages: images as they are built, timeline, results, failures, log.
import { el, isWeb, setShown, setText, webLink } from "./dom.js";
import { runName } from "./words.js";
import { ask, can, post } from "./service.js";
import { act, confirm, problemList } from "./dialogs.js";
import * as overview from "./overview.js";
import { follow } from "./progress.js";
import { runFacts } from "./runcard.js";
import { ImageTable } from "./table.js";
import { showTimeline } from "./timeline.js";
import { showImages } from "./results.js";
import { showFailures } from "./failures.js";

const PAGES = [
    ["", "Images"], ["timeline", "Timeline"], ["failures", "Failures"], ["results", "Results"], ["log", "Log"],
];

async function showLog(place, id) {
    const text = await ask(`runs/${id}/log`, { asText: true });
    const log = el("pre", { class: "log", tabindex: "0", role: "group", "aria-label": "What the process said" }, text
        || "It has said nothing.");
    const again = el("button", { type: "button",
        click: event => act(event.currentTarget, problem, () => showLog(place, id)) }, "Ask again");
    const problem = el("div");
    place.replaceChildren(el("p", {}, again), problem, log);
    log.scrollTop = log.scrollHeight;
}

/** The buttons of whoever may. */
function buttons(id, place) {
    const cancel = el("button", {
        type: "button", class: "danger", click: event => act(event.currentTarget, place, async () => {
            const run = overview.run(id);
            const yes = await confirm({
                title: "Cancel this run?", isDanger: true, yes: "Cancel the run", no: "Let it go on",
                words: [`${runName(run)}: nothing more is submitted, and its tasks on the hub are canceled.`],
            });
            if (!yes) return;
            await post(`runs/${id}/cancel`);
            place.replaceChildren(el("p", { role: "status" }, "It is being canceled."));
        }),
    }, "Cancel");
    const retry = el("button", {
        type: "button", click: event => act(event.currentTarget, place, async () => {
            const run = overview.run(id);
            const answer = await confirm({
                title: "Build again what failed?", yes: "Build again",
                words: [`${runName(run)}: every image that failed is submitted once more.`],
                fields: [el("label", { class: "field" }, el("span", {}, "Under another release"),
                    el("input", { name: "new_release", autocomplete: "off" }),
                    el("span", { class: "sub" },
                        "Only where the name-version-release is spent. Leave it empty otherwise."))],
            });
            if (!answer) return;
            const release = answer.new_release.trim();
            await post(`runs/${id}/retry`, release ? { new_release: release } : {});
            place.replaceChildren(el("p", { role: "status" }, "What failed is being built again."));
        }),
    }, "Retry what failed");
    const node = el("div", { class: "buttons" }, cancel, retry);
    return {
        node,
        update(run, status) {
            const counts = status?.counts ?? run.counts ?? {};
            const failed = (counts.failed_required || 0) + (counts.failed_failable || 0) + (counts.incomplete || 0)
                + (counts.canceled || 0);
            setShown(node, can("operate"));
            setShown(cancel, run.state !== "ended");
            setShown(retry, ["ended", "interrupted"].includes(run.state) && failed > 0);
        },
    };
}

export function view(root, [idText, page = ""]) {
    const id = Number(idText);
    const title = el("h1", { tabindex: "-1" }, "Run");
    const facts = runFacts();
    const place = el("div");
    const change = buttons(id, place);
    const links = el("p", { class: "links" });
    const base = `#/run/${id}`;
    const tabs = PAGES.map(([name, words]) => {
        const label = el("span", {}, words);
        const link = el("a", { href: name ? `${base}/${name}` : base, "aria-current": name === page ? "page" : null },
            label);
        return { name, words, label, link };
    });
    const heading = el("h2", {}, PAGES.find(([name]) => name === page)?.[1] ?? "Images");
    const body = el("section", { class: "card" }, heading);
    const content = el("div");
    body.append(content);
    root.append(title, el("div", { class: "card" }, facts.node, links, change.node, place),
        el("nav", { class: "tabs", "aria-label": "Of this run" }, tabs.map(tab => tab.link)), body);

    let status = null;
    let isGone = false;
    let table = null;
    let settled = null;

    const showFacts = () => {
        const run = overview.run(id);
        if (!run) return;
        setText(title, runName(run));
        document.title = `${runName(run)} – phase-runner`;
        facts.update(run, status);
        change.update(run, status);
        const weburl = run.weburl ?? status?.weburl;
        links.replaceChildren(
            el("a", { href: `api/v1/runs/${id}/report`, target: "_blank", rel: "noopener" }, "Report"), " ",
            isWeb(weburl) ? webLink(weburl, "Koji") : "", " ",
            el("span", { class: "soft" }, [`run ${id}`, run.config, run.directory].filter(Boolean).join(" · ")));
        const counts = status?.counts ?? run.counts;
        const failures = counts ? counts.failed_required + counts.failed_failable + counts.incomplete : 0;
        const tab = tabs.find(tab => tab.name === "failures");
        setText(tab.label, failures ? `Failures (${failures})` : "Failures");
    };

    // Pages that are fetched are fetched again when the number of images that have ended is another.
    const showPage = async () => {
        try {
            if (page === "timeline") await showTimeline(content, id);
            else if (page === "results") await showImages(content, id);
            else if (page === "failures") await showFailures(content, id);
            else if (page === "log") await showLog(content, id);
        } catch (problem) {
            if (!("status" in problem)) throw problem;
            if (!isGone) content.replaceChildren(problemList(problem));
        }
    };
    const news = () => {
        const counts = status?.counts;
        const ended = counts && [counts.done, counts.incomplete, counts.failed_required, counts.failed_failable,
            counts.canceled];
        const now = counts ? [...ended, status.stage].join() : "none";
        if (now === settled) return;
        const isFirst = settled === null;
        settled = now;
        // A log is read from where one is; it is asked for by its button.
        if (!isFirst && page !== "log") showPage();
    };

    let stop = () => {};
    const begin = () => {
        if (!page) {
            table = new ImageTable("Images of this run");
            content.append(table.node);
        }
        const trouble = el("p", { class: "soft" });
        body.append(trouble);
        stop = follow(id, (whole, changed) => {
            status = whole;
            setText(trouble, "");
            table?.show(status.images ?? [], changed);
            showFacts();
            news();
        }, problem => {
            if (!status) setText(trouble, `Nothing is known of its images yet (${problem.message}).`);
        });
        if (page) showPage();
    };
    // What is being built grows, though nothing ends.
    const growing = setInterval(() => {
        if (page === "timeline" && !document.hidden && overview.run(id)?.state === "running") showPage();
    }, 30_000);
    const forget = overview.onOverview(showFacts);
    showFacts();
    // The overview knows what runs and the last ones; all others are asked for.
    const known = overview.run(id);
    if (known) begin();
    else {
        ask(`runs/${id}`).then(answer => {
            if (isGone) return;
            overview.learn(answer.run);
            showFacts();
            begin();
        }, problem => {
            if (!isGone) content.replaceChildren(problemList(problem));
        });
    }
    return {
        title: known ? runName(known) : `Run ${id}`,
        leave() {
            isGone = true;
            stop();
            forget();
            clearInterval(growing);
            facts.leave();
            table?.leave();
        },
    };
}
