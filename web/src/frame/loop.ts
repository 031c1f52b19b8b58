// One animation loop for everything that is drawn, and one clock for everything that is sent at most once a frame.

type Draw = (now: number) => void;

const draws = new Set<Draw>();
let handle = 0;

function run(now: number): void {
    handle = draws.size > 0 ? requestAnimationFrame(run) : 0;
    for (const draw of draws) {
        try {
            draw(now);
        } catch (error) {
            // One broken picture must not stop the others.
            console.error(error);
        }
    }
}

/**
 * Calls `draw` once before each picture of the browser until the returned function is called.
 *
 * `now` is in milliseconds, as of `performance.now()`. Nothing is called while the page is hidden.
 */
export function onFrame(draw: Draw): () => void {
    draws.add(draw);
    if (handle === 0) handle = requestAnimationFrame(run);
    return () => {
        draws.delete(draw);
    };
}

/** How long to wait for a picture that a hidden page never draws, ms. */
const hiddenFrame = 120;

/** Calls `action` once, before the next picture; a little later where the page is hidden. */
export function nextFrame(action: () => void): void {
    let isDone = false;
    const once = (): void => {
        if (isDone) return;
        isDone = true;
        cancelAnimationFrame(frame);
        clearTimeout(timer);
        action();
    };
    const frame = requestAnimationFrame(once);
    const timer = setTimeout(once, hiddenFrame);
}
