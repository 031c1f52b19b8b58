// What a mode of the node keeps from being changed.

/** Why parameters cannot be changed in a mode: all of them, or those of the system. */
export function reasonToLock(mode: string): { all: string | null; system: string | null } {
    if (mode === "legacy") {
        const reason = "In legacy mode the values of the chain rest: only those of a legacy device can be changed.";
        return { all: reason, system: reason };
    }
    if (mode === "tuning" || mode === "test_verify") {
        const words = mode === "tuning" ? "tuning" : "test and verify";
        const reason = `The node is in ${words} mode: what shapes the chain is changed in chain builder mode only.`;
        return { all: null, system: reason };
    }
    return { all: null, system: null };
}
