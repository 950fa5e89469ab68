// Starting a run: what is filled in can be validated, planned and checked against the hub before it is begun.
import { el, newID, setShown, setText } from "./dom.js";
import { ask, can, newKey, post } from "./service.js";
import { act, problemList } from "./dialogs.js";
import * as overview from "./overview.js";
import { shownDocument } from "./documents.js";

const TYPES = ["", "production", "nightly", "test", "ci", "development"];

/** The request of what is filled in; what is empty is not said. */
function request(form) {
    const said = new FormData(form);
    const text = name => String(said.get(name) ?? "").trim();
    const wanted = {};
    for (const name of ["config", "target", "type", "date", "koji_profile"]) if (text(name)) wanted[name] = text(name);
    if (text("label") === "-") wanted.no_label = true;
    else if (text("label")) wanted.label = text("label");
    if (text("respin")) wanted.respin = Number(text("respin"));
    const only = text("only").split("\n").map(line => line.trim()).filter(Boolean);
    if (only.length) wanted.only = only;
    for (const name of ["scratch", "keep_going", "fail_on_incomplete"]) if (said.get(name)) wanted[name] = true;
    return wanted;
}

/** A field with its label, what is said of it, and the place for what is wrong with it. */
function field(name, words, input, hint = null) {
    const id = newID();
    const wrong = el("span", { class: "sub bad", id: newID() });
    input.id = id;
    input.name = name;
    input.setAttribute("aria-describedby", wrong.id);
    return { name, input, wrong, node: el("div", { class: "field" }, el("label", { for: id }, words), input,
        hint ? el("span", { class: "sub" }, hint) : null, wrong) };
}

export function view(root) {
    const heading = el("h1", { tabindex: "-1" }, "Start a run");
    if (!can("operate")) {
        root.append(heading, el("p", {}, "Your role does not start runs. ",
            el("a", { href: "#/login" }, "Log in with another token")));
        return { title: "Start", leave() {} };
    }
    const option = value => el("option", { value }, value);
    const configs = newID();
    const configList = el("datalist", { id: configs });
    const target = el("select", { required: true });
    const profile = el("select", {}, el("option", { value: "" }, "as the service's settings say"));
    const fields = [
        field("config", "Configuration",
            el("input", { required: true, list: configs, autocomplete: "off", spellcheck: "false" })),
        field("target", "Target", target, "where the compose is made"),
        field("type", "Type", el("select", {},
            TYPES.map(type => el("option", { value: type }, type || "as the configuration says")))),
        field("label", "Label", el("input", { autocomplete: "off", placeholder: "RC-1.2" }),
            "“-” for a production compose without one"),
        field("date", "Date", el("input",
            { autocomplete: "off", inputmode: "numeric", pattern: "[0-9]{8}", placeholder: "YYYYMMDD" }),
            "empty: today"),
        field("respin", "Respin", el("input", { type: "number", min: "0", max: "9999" }),
            "empty: the next that is free"),
        field("only", "Only these images",
            el("textarea", { rows: "2", spellcheck: "false", placeholder: "*/Fedora-IoT-raw/*,x86_64" }),
            "one a line: name or id, * for any text, arches after commas"),
        field("koji_profile", "Koji profile", profile),
    ];
    const check = (name, words) => el("label", { class: "check" }, el("input", { type: "checkbox", name }), " ", words);
    const result = el("div", { class: "result", "aria-live": "polite" });
    const troubles = el("div");
    let key = newKey();

    const clear = () => {
        for (const { input, wrong } of fields) {
            wrong.textContent = "";
            input.removeAttribute("aria-invalid");
        }
    };
    // What belongs to a field stands at the field, too.
    const place = {
        replaceChildren(...nodes) { troubles.replaceChildren(...nodes); },
    };
    const tell = problem => {
        let first = null;
        for (const item of problem.problems ?? []) {
            if (typeof item !== "object" || item === null) continue;
            const name = String(item.place ?? "").replace(/^[#/]+/, "").split("/")[0];
            const field = fields.find(field => field.name === name);
            if (!field) continue;
            // The list has them all; the field has room for the first.
            if (!field.wrong.textContent) setText(field.wrong, item.detail);
            field.input.setAttribute("aria-invalid", "true");
            first ??= field.input;
        }
        first?.focus();
    };
    const doing = (button, words, work) => act(button, place, async () => {
        clear();
        result.setAttribute("aria-busy", "true");
        result.replaceChildren(el("p", { class: "soft" }, words));
        try {
            await work();
        } catch (problem) {
            result.replaceChildren();
            if ("status" in problem) tell(problem);
            throw problem;
        } finally {
            result.removeAttribute("aria-busy");
        }
    });
    const looking = (path, words, said) => el("button", {
        type: "button", click: event => form.reportValidity() && doing(event.currentTarget, said, async () => {
            const document = await post(path, request(form), { whole: true });
            result.replaceChildren(...shownDocument(document));
        }),
    }, words);
    const start = el("button", { type: "submit", class: "main" }, "Start");
    const form = el("form", {
        class: "start card",
        input() { key = newKey(); },
        submit(event) {
            event.preventDefault();
            doing(start, "Starting …", async () => {
                const answer = await post("runs", request(form), { key });
                const run = answer.run;
                key = newKey();
                overview.learn(run);
                location.hash = `#/run/${run.id}`;
            });
        },
    }, configList, el("div", { class: "fields" }, fields.map(one => one.node)),
    el("fieldset", {}, el("legend", {}, "How"),
        check("scratch", "scratch images: nothing is tagged, no release is spent"),
        check("keep_going", "go on with the others when a required image has failed"),
        check("fail_on_incomplete", "count a missing arch that may fail as a failure")),
    el("div", { class: "buttons" },
        looking("validate", "Validate", "Reading the configuration …"), looking("plan", "Plan", "Planning …"),
        looking("preflight", "Preflight", "Asking the hub …"), start));
    root.append(heading, form, troubles, result);

    ask("configs").then(all => {
        configList.replaceChildren(...(all.configs ?? []).map(option));
        target.replaceChildren(...(all.targets ?? []).map(option));
        profile.append(...(all.profiles ?? []).map(option));
        if (all.configs?.length === 1) fields[0].input.value = all.configs[0];
        setShown(fields[7].node, (all.profiles ?? []).length > 1);
        if (!all.targets?.length) {
            troubles.replaceChildren(el("p", { class: "warn" },
                "The settings of the service name no targets: no run can be started."));
        }
    }, problem => troubles.replaceChildren(problemList(problem)));
    return { title: "Start", leave() {} };
}
