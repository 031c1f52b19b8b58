// What a movement of the morph slider sends: at most one message a frame, one of them unanswered, the last one always.

import { nextFrame } from "../frame/loop";
import { notify } from "../frame/ui";
import { Coalescer } from "../node/coalescer";
import { node } from "../node/store";

const sender = new Coalescer({
    frame: nextFrame,
    send: (instanceId, values) => node.connection.request({
        type: "morph_presets", instanceId, fromId: values.from, toId: values.to, position: Number(values.position),
    }),
    confirmed: () => undefined,
    refused: (instance, _values, error) => {
        notify("error", `${instance}: ${error instanceof Error ? error.message : String(error)}`);
    },
});

/** Moves a module to a position between two presets: 0 is the first, 1 the second. */
export function morph(instance: string, from: string, to: string, position: number): void {
    sender.add(instance, { from, to, position: String(position) });
}
