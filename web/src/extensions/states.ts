// How an extension is doing, for people.
import type { Extension } from "../node/types";

export const stateNames: Readonly<Record<Extension["state"], string>> = {
    starting: "Starting", ready: "Ready", restarting: "Restarting", failed: "Failed", stopped: "Stopped",
};

/** Why it cannot be asked; undefined when it can. */
export function unreadyText({ name, state, message }: Extension): string | undefined {
    if (state === "ready") return undefined;
    const what = {
        starting: "is starting", restarting: "has ended and is being started again",
        failed: "ended too often and was given up: restart it in the dialog of the node", stopped: "was stopped",
    }[state];
    return `${name} ${what}.${message === undefined ? "" : ` Why it ended: ${message}.`}`;
}
