// Streams of events that come back by themselves. An EventSource gives up on some answers for good, and a proxy may
// keep a dead one open: each is made anew, later and later while the service is away, and at once when the computer
// wakes up. A tab that nobody sees holds none: a browser has six connections for all tabs together.
import { refreshSession } from "./service.js";

const HIDDEN_FOR = 20_000;
const LONGEST_WAIT = 15_000;
const LOOK_EVERY = 45_000;

const streams = new Set();
const watchers = new Set();
let lastSaid = true;

/** Tells `watcher(isConnected)` when a stream is lost, and when all are back. */
export const onConnection = watcher => watchers.add(watcher);

function tellConnection() {
    const isConnected = [...streams].every(stream => !stream.isLost);
    if (isConnected === lastSaid) return;
    lastSaid = isConnected;
    for (const watcher of watchers) watcher(isConnected);
}

export class Stream {
    /**
     * `listeners`: for each event's name what takes its data.
     * `lost(tries)`: told each time when it is lost; without it the page says that it is not connected.
     */
    constructor(path, listeners, { lost } = {}) {
        this.path = path;
        this.listeners = listeners;
        this.tellLost = lost;
        this.tries = 0;
        this.isLost = false;
        this.source = null;
        this.timer = null;
        streams.add(this);
        this.open();
    }

    open() {
        clearTimeout(this.timer);
        this.timer = null;
        if (this.source || document.hidden || !streams.has(this)) return;
        const source = new EventSource(`api/v1/${this.path}`);
        this.source = source;
        source.onopen = () => {
            this.tries = 0;
            this.isLost = false;
            tellConnection();
        };
        source.onerror = () => this.lost();
        for (const [name, listener] of Object.entries(this.listeners)) {
            source.addEventListener(name, event => {
                if (this.source === source) listener(JSON.parse(event.data));
            });
        }
    }

    rest() {
        this.source?.close();
        this.source = null;
        clearTimeout(this.timer);
        this.timer = null;
    }

    lost() {
        this.rest();
        if (!streams.has(this)) return;
        this.isLost = !this.tellLost;
        tellConnection();
        const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.tries);
        this.tries += 1;
        this.tellLost?.(this.tries);
        if (!streams.has(this)) return;
        this.timer = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
        // A session that has ended looks like a lost stream; whoever watches the session shows the login.
        refreshSession().catch(() => {});
    }

    close() {
        streams.delete(this);
        this.rest();
        tellConnection();
    }
}

/** Everything anew, at once. */
export function tryNow() {
    for (const stream of streams) {
        stream.tries = 0;
        stream.rest();
        stream.open();
    }
}

let hiding = null;
document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(() => streams.forEach(stream => stream.rest()), HIDDEN_FOR);
    else streams.forEach(stream => stream.open());
});
addEventListener("online", tryNow);
// A page that is kept for the way back keeps no connection.
addEventListener("pagehide", () => streams.forEach(stream => stream.rest()));
addEventListener("pageshow", event => event.persisted && tryNow());

// A connection that died without a word is found by asking something else.
setInterval(async () => {
    if (document.hidden || streams.size === 0 || !lastSaid) return;
    try {
        await refreshSession();
    } catch (problem) {
        if (problem.status === 0) streams.forEach(stream => stream.lost());
    }
}, LOOK_EVERY);
