// The page: which view is shown, who looks at it, and whether the service is there.
import { el, setText } from "./dom.js";
import { runName, runWord } from "./words.js";
import { can, onSession } from "./service.js";
import { onConnection, tryNow } from "./streams.js";
import * as overview from "./overview.js";
import { begin, showAccount, view as login } from "./login.js";
import { view as curves } from "./curves.js";
import { view as nights } from "./nights.js";
import { view as nowView } from "./now.js";
import { view as run } from "./run.js";
import { view as runs } from "./runs.js";
import { view as schedules } from "./schedules.js";
import { view as start } from "./start.js";

const VIEWS = { now: nowView, run, runs, nights, curves, schedules, start, login };

const main = document.getElementById("main");
const connection = document.getElementById("connection");
const news = document.getElementById("news");
const account = document.getElementById("account");
const links = [...document.querySelectorAll("#views a")];

let shown = null;
let place = null;

/** Shows what the address says. Whoever comes from another view is taken to its heading. */
function show({ isFirst = false } = {}) {
    const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
    let [name = "now", ...rest] = path.split("/").filter(Boolean).map(part => {
        try {
            return decodeURIComponent(part);
        } catch {
            return part;
        }
    });
    if (!Object.hasOwn(VIEWS, name)) name = "now";
    if (!can("read")) name = "login";
    // The pages of a run are one view: whoever changes from one to the other stays where he is.
    const where = name === "run" ? `run/${rest[0]}` : name;
    const stays = where === place;
    const focused = stays ? document.activeElement : null;
    const label = focused?.id || focused?.getAttribute?.("href");
    shown?.leave();
    main.replaceChildren();
    shown = VIEWS[name](main, rest, new URLSearchParams(query));
    place = where;
    document.title = `${shown.title} – phase-runner`;
    for (const link of links) {
        const isIt = link.hash === `#/${name}` || name === "run" && link.hash === "#/runs";
        if (isIt) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    }
    if (isFirst) return;
    const same = stays && label ? [...main.querySelectorAll("a, input, select")].find(node =>
        node.id === label || node.getAttribute("href") === label) : null;
    if (same) return same.focus();
    if (!stays) scrollTo(0, 0);
    main.querySelector("h1")?.focus({ preventScroll: true });
}

function showSession() {
    showAccount(account);
    document.querySelector(".masthead nav").hidden = !can("read");
    for (const node of document.querySelectorAll("#views [data-role]")) node.hidden = !can(node.dataset.role);
    overview.listen(can("read"));
}

function showConnection(isConnected) {
    connection.className = isConnected ? "connection" : "connection lost";
    if (isConnected) {
        connection.replaceChildren(el("span", { class: "unseen" }, "Connected again."));
    } else {
        connection.replaceChildren(el("strong", {}, "Not connected, trying again."),
            " What is shown may be old. ", el("button", { type: "button", class: "quiet", click: tryNow }, "Try now"));
    }
}

addEventListener("hashchange", () => show());
document.getElementById("skip").addEventListener("click", event => {
    event.preventDefault();
    main.focus();
});
onConnection(showConnection);
let hasBegun = false;
onSession(() => {
    if (!hasBegun) return;
    showSession();
    show();
});
// What turned is said once, and not more often than it can be heard.
let turned = new Map();
let telling = null;
overview.onTurn(run => {
    turned.set(run.id, `${runName(run)}: ${runWord(run)}`);
    telling ??= setTimeout(() => {
        setText(news, [...turned.values()].slice(-3).join("; "));
        turned = new Map();
        telling = null;
    }, 1500);
});

begin((isThere, problem) => {
    if (!isThere) {
        if (problem.status !== 0) setText(main, problem.message);
        return showConnection(false);
    }
    if (connection.classList.contains("lost")) showConnection(true);
    hasBegun = true;
    showSession();
    show({ isFirst: true });
});
