// How far one run is: by a stream of its own where one is free, else by asking now and then.
import { ask, payload } from "./service.js";
import { Stream } from "./streams.js";
import { heardTime } from "./clock.js";
import * as overview from "./overview.js";

// With the overview's that is three of a browser's six connections.
const MOST_STREAMS = 2;
const ASK_EVERY = 5000;
let streaming = 0;

/** The image's row with what has changed in it. */
const merged = (images, rows) => {
    const byID = new Map(rows.map(row => [row.id, row]));
    return images.map(image => byID.get(image.id) ?? image);
};

/**
 * Follows a run: `show(status, changed)` gets the whole status, and in `changed` the rows that are new, or null for all.
 * `fail(problem)`: there is no status to be had. Gives what ends it.
 */
export function follow(id, show, fail) {
    let status = null;
    let stream = null;
    let timer = null;
    let isOver = false;

    const take = (whole, changed = null) => {
        status = whole;
        show(status, changed);
    };
    const look = async () => {
        try {
            const whole = payload(await ask(`runs/${id}/status`));
            if (whole.time) heardTime(whole.time);
            if (!isOver) take(whole);
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
    const isGoing = () => (overview.run(id)?.state ?? "running") !== "ended";

    const begin = () => {
        clearTimeout(timer);
        if (isOver) return;
        if (isGoing() && !stream && streaming < MOST_STREAMS) {
            streaming += 1;
            stream = new Stream(`runs/${id}/progress`, {
                status(whole) {
                    whole = payload(whole);
                    if (whole.time) heardTime(whole.time);
                    take(whole);
                },
                change(change) {
                    if (!status) return;
                    const { images = [], ...rest } = payload(change);
                    const known = new Set(status.images.map(image => image.id));
                    const added = images.filter(image => !known.has(image.id));
                    take({ ...status, ...rest, images: [...merged(status.images, images), ...added] }, images);
                },
                end() {
                    stopStream();
                    look();
                },
            });
        } else if (!stream) {
            if (!document.hidden) look();
            if (isGoing()) timer = setTimeout(begin, ASK_EVERY);
        }
    };

    begin();
    let wasGoing = isGoing();
    const forget = overview.onOverview(() => {
        const goes = isGoing();
        // Ended, or taken up again by a retry.
        if (goes !== wasGoing) {
            wasGoing = goes;
            if (!goes) stopStream();
            begin();
        }
    });
    return () => {
        isOver = true;
        forget();
        clearTimeout(timer);
        stopStream();
    };
}
