import { notify } from "../frame/notices";
import { registerKeys } from "../frame/keys";
import { node } from "../node/store";
import type { TransportStatus } from "../node/types";
import { SimInput, SimOutput, inputOf, outputOf, sinkOf, sourceOf } from "./ends";
import { listener } from "./listening/listener";
import { positionAfter } from "./position";

/** The transport as the node tells, and when this page heard it, in the clock of `performance.now()`. */
let heard: { status: TransportStatus; at: number } | null = null;

/** Where the source is now, milliseconds: the node's own clock is not compared with this machine's. */
export function positionNow(now: number): number {
    const status = node.getState().transport;
    if (!status) return 0;
    if (heard?.status !== status) heard = { status, at: now };
    return positionAfter(status, now - heard.at);
}

// The status is dated when it comes, not when somebody first looks at it.
node.subscribe(() => void positionNow(performance.now()));

/** Whether the source can be held. */
export function isPausable(status: TransportStatus): boolean {
    return status.running && status.pausable;
}

/** Starts the engine, or restarts it with another source or sink; what is not given stays as it is. */
export async function startWith(input?: SimInput, output?: SimOutput): Promise<boolean> {
    const status = node.getState().transport;
    const from = input ?? (status && inputOf(sourceOf(status.input), status.loop));
    const to = output ?? (status && outputOf(sinkOf(status.output)));
    const message = { type: "sim_start", ...(from ? { input: from } : {}), ...(to ? { output: to } : {}) };
    return (await node.ask(message)) !== null;
}

/** Stops the engine. */
export async function stopEngine(): Promise<void> {
    await node.ask({ type: "sim_stop" });
}

/** Plays or holds; starts the engine when it is stopped, and the file again when it has ended. */
export async function playOrPause(): Promise<void> {
    const status = node.getState().transport;
    if (!status || !status.running) {
        await startWith();
        return;
    }
    if (status.ended) {
        await node.ask({ type: "set_transport", positionMs: 0, playing: true });
        return;
    }
    if (!isPausable(status)) {
        notify("info", status.input.type === "soundcard"
            ? "A sound card's input cannot be held; stop the engine, or mute."
            : "There is nothing to hold: choose a file or music as the source.");
        return;
    }
    await node.ask({ type: "set_transport", playing: !status.playing });
}

/** Holds the source and goes back to its beginning; where that cannot be, stops the engine. */
export async function stop(): Promise<void> {
    const status = node.getState().transport;
    if (!status?.running) return;
    if (!isPausable(status)) {
        await stopEngine();
        return;
    }
    await node.ask({ type: "set_transport", playing: false, ...(status.seekable ? { positionMs: 0 } : {}) });
}

/** Goes to a position, milliseconds. */
export async function seek(positionMs: number): Promise<void> {
    await node.ask({ type: "set_transport", positionMs: Math.max(0, positionMs) });
}

export async function setLoop(loop: boolean): Promise<void> {
    await node.ask({ type: "set_transport", loop });
}

/** Begins or ends listening in this browser. */
export function toggleListening(): void {
    listener.toggle(node.getState().engine?.sampleRate ?? 0);
}

registerKeys("global", {
    space: { title: "Play or pause the source", run: () => void playOrPause() },
    "shift+l": { title: "Listen in this browser, or stop listening", run: () => toggleListening() },
});
