// Coefficients as miniDSP's programs take them and REW writes them: "biquad1, b0=…, b1=…, b2=…, a1=…, a2=…".
import type { Described, Refused } from "./document";
import type { Reading } from "./filterLine";
import { isStable } from "./inverse";

const blockPattern = /biquad\s*(\d+)\s*,((?:\s*[ab][0-2]\s*=\s*[-+\d.eE]+\s*,?)*)/gi;

/**
 * Reads the sections of such a text.
 *
 * There a1 and a2 are those of y = b0 x + b1 x₁ + b2 x₂ + a1 y₁ + a2 y₂, so their signs are turned. Where only the
 * signs as they stand make a stable filter, they are left as they stand.
 */
export function readCoefficientText(text: string, reading: Reading): { filters: Described[]; refused: Refused[] } {
    const filters: Described[] = [];
    const refused: Refused[] = [];
    for (const match of text.matchAll(blockPattern)) {
        const line = text.slice(0, match.index).split("\n").length;
        const values: Record<string, number> = {};
        for (const pair of match[2].matchAll(/([ab][0-2])\s*=\s*([-+\d.eE]+)/gi)) {
            values[pair[1].toLowerCase()] = Number(pair[2]);
        }
        const name = `biquad${match[1]}`;
        const { b0, b1, b2, a1, a2 } = values;
        if ([b0, b1, b2, a1, a2].some((value) => !Number.isFinite(value))) {
            refused.push({ line, text: name, reason: "it needs b0, b1, b2, a1 and a2", isHarmless: false });
            continue;
        }
        if (b0 === 1 && b1 === 0 && b2 === 0 && a1 === 0 && a2 === 0) {
            refused.push({ line, text: name, reason: "an empty filter", isHarmless: true });
            continue;
        }
        const isTurned = isStable([1, -a1, -a2]) || !isStable([1, a1, a2]);
        filters.push({
            line,
            text: name,
            form: {
                kind: "coefficients",
                b: [b0, b1, b2],
                a: isTurned ? [1, -a1, -a2] : [1, a1, a2],
                sampleRate: reading.sampleRate,
            },
            isOn: true,
            note: isTurned ? "" : "a1 and a2 are taken with the signs they have",
            channels: null,
        });
    }
    return { filters, refused };
}
