// What a connection does next: a value that takes events and says what is to be done. It knows no socket and no clock.

export type ConnectionState = "connecting" | "open" | "lost" | "refused";

/** Why a node does not let the page in. */
export interface Refusal {
    code: string;
    message: string;
}

export interface Machine {
    readonly state: ConnectionState;
    /** Attempts since the connection was open. */
    readonly attempts: number;
    /** Since when there is no connection; null while there is one, and before the first attempt failed. */
    readonly lostSince: number | null;
    readonly refusal: Refusal | null;
}

export type ConnectionEvent =
    /** the page begins, or the time between two attempts is over, or somebody asks for an attempt now */
    | { type: "try" }
    | { type: "opened" }
    /** The socket closed, or was silent too long. `refusal`: what the node says when asked why. */
    | { type: "closed"; now: number; refusal?: Refusal }
    /** the user gave another token */
    | { type: "token" };

export type ConnectionAction =
    | { type: "open" }
    | { type: "retry"; afterMs: number }
    | { type: "failRequests" };

/** The first and the longest pause between two attempts, ms. */
export const pauses = { first: 250, longest: 5000 };

export const start: Machine = { state: "connecting", attempts: 0, lostSince: null, refusal: null };

/** Pause before an attempt: doubled each time. */
export function pause(attempts: number): number {
    return Math.min(pauses.longest, pauses.first * 2 ** Math.max(0, attempts - 1));
}

/** What comes of an event. */
export function step(machine: Machine, event: ConnectionEvent): [Machine, ConnectionAction[]] {
    switch (event.type) {
        case "try":
            // An attempt that is under way, or an open connection, is left alone.
            if (machine.state === "open" || machine.state === "refused") return [machine, []];
            return [{ ...machine, attempts: machine.attempts + 1 }, [{ type: "open" }]];
        case "opened":
            return [{ state: "open", attempts: 0, lostSince: null, refusal: null }, []];
        case "closed": {
            const lostSince = machine.lostSince ?? event.now;
            if (event.refusal !== undefined) {
                const refused: Machine = { state: "refused", attempts: 0, lostSince, refusal: event.refusal };
                return [refused, [{ type: "failRequests" }]];
            }
            const lost: Machine = { state: "lost", attempts: machine.attempts, lostSince, refusal: null };
            return [lost, [{ type: "failRequests" }, { type: "retry", afterMs: pause(machine.attempts) }]];
        }
        case "token":
            if (machine.state === "open") return [machine, []];
            return [{ ...machine, state: "connecting", attempts: 1, refusal: null }, [{ type: "open" }]];
    }
}
