// Requests to the service, and who one is there. Addresses are relative: the page may lie below a path of a proxy.
import { heardTime } from "./clock.js";

/** A refusal, as RFC 9457 tells it; status 0: no answer at all. */
export class Problem extends Error {
    constructor(status, title, detail = null, problems = []) {
        super(detail ? `${title}: ${detail}` : title);
        this.status = status;
        this.title = title;
        this.detail = detail;
        this.problems = problems;
    }
}

let session = { name: null, role: "none", via: null, csrf: null };
const watchers = new Set();

export const who = () => session;
export const onSession = watcher => watchers.add(watcher);

const RANKS = ["none", "read", "operate", "admin"];
export const can = role => RANKS.indexOf(session.role) >= RANKS.indexOf(role);

async function problemOf(answer) {
    let document = {};
    try {
        document = await answer.json();
    } catch { /* not the service's own words, as from a proxy */ }
    const problems = Array.isArray(document.problems) ? document.problems : [];
    return new Problem(answer.status, document.title ?? `The service says ${answer.status} ${answer.statusText}`,
        document.detail ?? null, problems);
}

/** What a document of ours says, with its header or without. */
export const payload = document => document?.payload ?? document ?? {};

/**
 * The answer: the payload of its document, the document with `whole`, its text with `asText`.
 * `body` is sent as JSON by POST; `key` makes a repetition harmless.
 */
export async function ask(path, { body, method = body === undefined ? "GET" : "POST", key, asText, whole,
    signal } = {}) {
    const headers = { Accept: asText ? "text/plain, */*" : "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET" && session.csrf) headers["X-CSRF-Token"] = session.csrf;
    if (key) headers["Idempotency-Key"] = key;
    let answer;
    try {
        answer = await fetch(`api/v1/${path}`, {
            method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin",
            cache: "no-store", signal: signal ?? AbortSignal.timeout(method === "GET" ? 30_000 : 180_000),
        });
    } catch (error) {
        throw new Problem(0, "The service does not answer", error.name === "TimeoutError" ? "it takes too long" : null);
    }
    const date = Date.parse(answer.headers.get("Date") ?? "");
    if (!Number.isNaN(date)) heardTime(date / 1000);
    if (!answer.ok) throw await problemOf(answer);
    if (asText) return answer.text();
    const text = await answer.text();
    const document = text ? JSON.parse(text) : null;
    return whole ? document : payload(document);
}

export const post = (path, body = {}, options = {}) => ask(path, { ...options, body });

/** Asks who one is; tells the watchers when that has changed. Throws when there is no answer. */
export async function refreshSession() {
    const before = session;
    session = { ...before, ...await ask("whoami", { signal: AbortSignal.timeout(10_000) }) };
    if (before.name !== session.name || before.role !== session.role || before.via !== session.via) {
        for (const watcher of watchers) watcher(session);
    }
    return session;
}

/** A key that a filled-in form keeps however often it is sent. (`randomUUID` is not there over plain HTTP.) */
export const newKey = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
