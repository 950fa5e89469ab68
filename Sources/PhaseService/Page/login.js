// Who one is: by a token, or as the proxy says.
import { el } from "./dom.js";
import { can, post, refreshSession, who } from "./service.js";
import { act } from "./dialogs.js";

/** Fills the corner of the masthead. */
export function showAccount(place) {
    const { name, role, via } = who();
    const isKnown = via !== "anonymous" && via !== null;
    const out = el("button", {
        type: "button", class: "quiet", click: event => act(event.currentTarget, el("div"), async () => {
            await post("logout");
            await refreshSession();
        }),
    }, "Log out");
    place.replaceChildren(
        ...isKnown ? [el("span", {}, name, " ", el("span", { class: "soft" }, `(${role})`))] : [],
        ...via === "session" ? [out] : can("operate") ? [] : [el("a", { href: "#/login" }, "Log in")]);
}

export function view(root) {
    const place = el("div");
    const token = el("input", {
        id: "token", name: "token", type: "password", required: true, autocomplete: "current-password",
        spellcheck: "false",
        "aria-describedby": "token-hint",
    });
    const send = el("button", { type: "submit", class: "main" }, "Log in");
    const { name, role, via } = who();
    root.append(el("h1", { tabindex: "-1" }, "Log in"),
        role === "none" ? el("p", {}, "What this service shows is for those only who have a token.")
            : el("p", { class: "soft" }, via === "anonymous"
                ? `Without a token your role is ${role}.` : `You are ${name}, with the role ${role}.`),
        el("form", {
            class: "card login", submit(event) {
                event.preventDefault();
                act(send, place, async () => {
                    await post("login", { token: token.value.trim() });
                    token.value = "";
                    const before = who().role;
                    await refreshSession();
                    if (who().role !== "none" || before !== who().role) location.hash = "#/now";
                });
            },
        }, // Whoever keeps passwords for people wants a name to keep them by.
        el("input", { name: "username", autocomplete: "username", value: "phase-runner", hidden: true }),
        el("div", { class: "field" }, el("label", { for: "token" }, "Token"), token,
            el("span", { class: "sub", id: "token-hint" }, "An admin makes one with ",
                el("code", {}, "phase-runner token create"), ".")),
        el("div", { class: "buttons" }, send), place));
    return { title: "Log in", leave() {} };
}

/** Asks who one is until there is an answer. */
export async function begin(told) {
    for (let wait = 500; ; wait = Math.min(15_000, wait * 2)) {
        try {
            await refreshSession();
            return told(true);
        } catch (problem) {
            told(false, problem);
            await new Promise(resolve => setTimeout(resolve, wait));
        }
    }
}
