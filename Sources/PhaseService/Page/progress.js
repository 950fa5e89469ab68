// How far one run is: by a stream of its own where one is free, else by asking now and then.
import { ask } from "./service.js";
import { Stream } from "./streams.js";
import { heardTime } from "./clock.js";
import * as overview from "./overview.js";

// With the overview's that is three of a browser's six connections.
const MOST_STREAMS = 2;
const ASK_EVERY = 5000;
// So often a stream may fail in a row; then the service has no more of them to give, and is asked for a while.
const MOST_TRIES = 3;
const ASK_FOR = 60_000;
let streaming = 0;

/** The image's row with what has changed in it. */
const merged = (images, rows) => {
    const byID = new Map(rows.map(row => [row.id, row]));
    return images.map(image => byID.get(image.id) ?? image);
};

/**
 * Follows a run: `show(status, changed)` gets the whole status, and in `changed` the rows that are new, or null for
 * all.
 * `fail(problem)`: there is no status to be had. Gives what ends it.
 */
export function follow(id, show, fail) {
    let status = null;
    let stream = null;
    let timer = null;
    let isOver = false;
    let refused = -Infinity;

    const take = (whole, changed = null) => {
        status = whole;
        show(status, changed);
    };
    const look = async () => {
        try {
            const whole = await ask(`runs/${id}/status`);
            if (whole.time) heardTime(whole.time);
            if (!isOver) take({ images: [], ...whole });
        } catch (problem) {
            if (!isOver) fail(problem);
        }
    };
    const stopStream = () => {
        if (!stream) return;
        stream.close();
        stream = null;
        streaming -= 1;
    };
    const state = () => overview.run(id)?.state ?? "running";
    const isGoing = () => state() !== "ended";
    const mayStream = () => state() === "running" && streaming < MOST_STREAMS && Date.now() > refused + ASK_FOR;

    const begin = () => {
        clearTimeout(timer);
        if (isOver) return;
        if (!stream && mayStream()) {
            streaming += 1;
            stream = new Stream(`runs/${id}/progress`, {
                status(whole) {
                    if (whole?.time) heardTime(whole.time);
                    take({ images: [], ...whole });
                },
                change(change) {
                    if (!status) return;
                    const { images = [], ...rest } = change;
                    const known = new Set(status.images.map(image => image.id));
                    const added = images.filter(image => !known.has(image.id));
                    take({ ...status, ...rest, images: [...merged(status.images, images), ...added] }, images);
                },
                end() {
                    stopStream();
                    look();
                },
            }, {
                lost(tries) {
                    if (tries < MOST_TRIES) return;
                    refused = Date.now();
                    stopStream();
                    timer = setTimeout(begin, ASK_EVERY);
                },
            });
        } else if (!stream) {
            if (!document.hidden) look();
            if (isGoing()) timer = setTimeout(begin, ASK_EVERY);
        }
    };

    begin();
    let before = state();
    const forget = overview.onOverview(() => {
        if (state() === before) return;
        // Begun, ended, or taken up again by a retry.
        before = state();
        if (!isGoing()) stopStream();
        begin();
    });
    return () => {
        isOver = true;
        forget();
        clearTimeout(timer);
        stopStream();
    };
}
