// Equalizer APO's names of channels, by how many there are.

const layouts: Readonly<Record<number, readonly string[]>> = {
    1: ["C"],
    2: ["L", "R"],
    3: ["L", "R", "C"],
    4: ["L", "R", "RL", "RR"],
    5: ["L", "R", "C", "RL", "RR"],
    6: ["L", "R", "C", "LFE", "RL", "RR"],
    7: ["L", "R", "C", "LFE", "RC", "SL", "SR"],
    8: ["L", "R", "C", "LFE", "RL", "RR", "SL", "SR"],
};

/** What a channel is called when there are `count` of them: its name, else its number from 1. */
export function channelName(channel: number, count: number): string {
    return layouts[count]?.[channel] ?? String(channel + 1);
}

/** The channel (from 0) that a name or number means among `count`; undefined when there is none. */
export function channelOf(name: string, count: number): number | undefined {
    const upper = name.toUpperCase();
    if (/^\d+$/.test(upper)) {
        const channel = Number(upper) - 1;
        return channel >= 0 && channel < count ? channel : undefined;
    }
    const alias = upper === "SUB" ? "LFE" : upper;
    const layout = layouts[count] ?? layouts[8];
    const at = layout.indexOf(alias);
    if (at >= 0 && at < count) return at;
    // Side and rear mean the same pair where there is only one.
    const other: Record<string, string> = { SL: "RL", SR: "RR", RL: "SL", RR: "SR", RC: count === 4 ? "RR" : "" };
    const second = layout.indexOf(other[alias] ?? "");
    return second >= 0 && second < count ? second : undefined;
}
