// The service's time, and what moves with it. Differences are shown as the service sees them, though the clock of this
// computer be wrong; nothing ticks in a tab that nobody sees.
import { setText } from "./dom.js";

let ahead = 0;

/** Seconds since 1970 by the service's clock. */
export const now = () => Date.now() / 1000 + ahead;

/** A moment of the service that was just heard of; fetches and statuses bring it. */
export function heardTime(seconds) {
    const difference = seconds - Date.now() / 1000;
    // What a header tells is cut to whole seconds: small differences are its, not the clock's.
    if (Number.isFinite(difference) && Math.abs(difference - ahead) > 2) ahead = difference;
}

const ticking = new Map();
let timer = null;

function tick() {
    const time = now();
    for (const [node, words] of ticking) {
        if (node.isConnected) setText(node, words(time));
        else ticking.delete(node);
    }
    if (ticking.size === 0) stop();
}

function stop() {
    clearInterval(timer);
    timer = null;
}

function start() {
    if (timer === null && !document.hidden && ticking.size > 0) timer = setInterval(tick, 1000);
}

/** Shows `words(now)` in the element, anew each second, until it leaves the page or is told to stand still. */
export function moving(node, words) {
    setText(node, words(now()));
    ticking.set(node, words);
    start();
}

/** Shows a text that stays. */
export function still(node, text) {
    ticking.delete(node);
    setText(node, text);
}

document.addEventListener("visibilitychange", () => {
    stop();
    if (!document.hidden) tick();
    start();
});
