// Which channel of a sound card each channel of the chain uses, as text: "3-6", "1, 0, 5".

/** The last channel of a card that can be named, and the most channels in a list. */
const most = 256;

/** Card channels by chain channel, counted from 1, 0 for none; undefined: in order. */
export type ParsedChannels = { ok: true; channels: number[] | undefined } | { ok: false; reason: string };

/** Reads a typed list; an empty one means in order. A card's output can be used only once. */
export function parseChannels(text: string, direction: "input" | "output"): ParsedChannels {
    if (text.trim() === "") return { ok: true, channels: undefined };
    const channels: number[] = [];
    for (const piece of text.split(",")) {
        const range = rangeOf(piece.trim());
        if (typeof range === "string") return { ok: false, reason: range };
        for (let channel = range.first; channel <= range.last; channel++) {
            if (direction === "output" && channel !== 0 && channels.includes(channel)) {
                return { ok: false, reason: `The card's output ${channel} is given twice: only 0 repeats.` };
            }
            channels.push(channel);
        }
        if (channels.length > most) return { ok: false, reason: `These are more than ${most} channels.` };
    }
    if (channels.every((channel) => channel === 0)) {
        return { ok: false, reason: "At least one channel is needed, and 0 is none; an empty field is all in order." };
    }
    return { ok: true, channels };
}

/** The text that `parseChannels` reads as this list; runs of three or more as a range. */
export function channelsText(channels: readonly number[] | undefined): string {
    if (channels === undefined) return "";
    const pieces: string[] = [];
    for (let start = 0, end = 0; start < channels.length; start = end) {
        const first = channels[start];
        end = start + 1;
        while (first > 0 && end < channels.length && channels[end] === first + end - start) end++;
        if (end - start < 3) end = start + 1;
        pieces.push(end - start === 1 ? `${first}` : `${first}-${channels[end - 1]}`);
    }
    return pieces.join(", ");
}

/** The channels of one piece between commas, or what is wrong with it. */
function rangeOf(piece: string): { first: number; last: number } | string {
    if (piece === "") return "There is nothing beside a comma: 0 stands for no channel.";
    // A dash is what some keyboards make of a hyphen.
    const match = /^(\d+)(?:\s*[-–]\s*(\d+))?$/.exec(piece);
    const shown = `"${piece.length > 20 ? `${piece.slice(0, 20)}…` : piece}"`;
    if (!match) return `${shown} is no channel: numbers from 1, ranges as 3-6, 0 for none, with commas between them.`;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (Math.max(first, last) > most) return `${shown} is too high: a card's channels go to ${most}.`;
    if (first > last) return `${shown} falls: a range goes from the lower channel to the higher, as 3-6.`;
    return { first, last };
}
