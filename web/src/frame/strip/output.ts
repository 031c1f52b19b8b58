// What the strip does to everything behind the chain: level, mute, dim, panic, bypass, match.
import { nextFrame } from "../loop";
import { notify } from "../notices";
import { Coalescer } from "../../node/coalescer";
import { Observable, useSelected } from "../../node/select";
import { node } from "../../node/store";
import { Switch, Switches } from "./switches";

/** The level on its way to the node, dB; null when the node has told the present one. */
const wish = new Observable<{ levelDb: number | null }>({ levelDb: null });

const levels = new Coalescer({
    frame: nextFrame,
    send: (_, values) => node.connection.request({ type: "set_output", levelDb: Number(values.levelDb) }),
    confirmed: (_, values) => settle(Number(values.levelDb)),
    refused: (_, values, error) => {
        settle(Number(values.levelDb));
        notify("error", `The master level was not set: ${error instanceof Error ? error.message : String(error)}`);
    },
});

function settle(levelDb: number): void {
    if (wish.get().levelDb === levelDb) wish.update({ levelDb: null });
}

/** Bounds of the master level, dB. The lowest is silence. */
export const levelRange = { min: -120, max: 24 };

/** Sets the master level: at once on the page, with the next frame at the node. */
export function setLevel(levelDb: number): void {
    if (node.getState().connection !== "open") return;
    const rounded = Math.round(Math.min(levelRange.max, Math.max(levelRange.min, levelDb)) * 100) / 100;
    wish.update({ levelDb: rounded });
    levels.add("output", { levelDb: String(rounded) });
}

/** A lost connection answers nothing any more. */
export function forgetLevel(): void {
    levels.drop();
    wish.update({ levelDb: null });
}

/** The level that is asked for, else the node's; undefined while the node has told none. */
export function levelNow(): number | undefined {
    return wish.get().levelDb ?? node.getState().output?.levelDb;
}

export function useWishedLevel(): number | null {
    return useSelected(wish, (state) => state.levelDb);
}

const switches = new Switches();

/** Turns one of the output's switches over. */
export async function toggleOutput(name: Switch): Promise<void> {
    const turn = switches.over(name, node.getState().output?.[name] ?? false);
    await node.ask({ type: "set_output", [name]: turn.isOn });
    switches.settle(turn);
}

/**
 * Silences everything at once, or ends that.
 *
 * A node that knows no panic is stopped. Without connection nothing can be silenced, and that is said.
 */
export async function panic(on: boolean): Promise<void> {
    const { connection, missing } = node.getState();
    if (connection !== "open") {
        notify("error", "Not connected: panic did not reach the node. Turn your amplifier down.");
        return;
    }
    if (missing.includes("get_output")) {
        if (on && (await node.ask({ type: "sim_stop" })) !== null) {
            notify("info", "The engine was stopped: this node knows no other way to be silent at once.");
        }
        return;
    }
    await node.ask({ type: "set_output", panic: on });
}
