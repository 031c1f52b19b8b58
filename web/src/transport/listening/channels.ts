/** What a listener hears of a stream of any number of channels; channels count from 0. */
export type ChannelChoice = { kind: "pair"; left: number; right: number } | { kind: "downmix" };

/** How much of each channel goes to the left and to the right ear. */
export interface Mix { left: Float32Array; right: Float32Array }

/** Half the power. */
const half = Math.SQRT1_2;

/**
 * The mix of a choice for a stream of `channels`. A pair takes channels as they are; a channel that the stream does not
 * have falls back to the last one. A downmix leaves one or two channels alone and spreads more in turn to left and
 * right, scaled so that it cannot exceed full scale when no channel does.
 */
export function mixOf(choice: ChannelChoice, channels: number): Mix {
    const left = new Float32Array(channels);
    const right = new Float32Array(channels);
    if (channels === 0) return { left, right };
    if (choice.kind === "pair") {
        left[Math.min(Math.max(0, choice.left), channels - 1)] = 1;
        right[Math.min(Math.max(0, choice.right), channels - 1)] = 1;
        return { left, right };
    }
    if (channels === 1) {
        left[0] = right[0] = 1;
        return { left, right };
    }
    if (channels === 3 || channels >= 5) {
        // L R C LFE and so on: the third is heard on both sides.
        for (let index = 0; index < channels; index++) {
            if (index === 2) left[index] = right[index] = half;
            else if (index % 2 === 0) left[index] = 1;
            else right[index] = 1;
        }
    } else {
        for (let index = 0; index < channels; index++) (index % 2 === 0 ? left : right)[index] = 1;
    }
    const most = Math.max(sum(left), sum(right), 1);
    for (let index = 0; index < channels; index++) {
        left[index] /= most;
        right[index] /= most;
    }
    return { left, right };
}

function sum(values: Float32Array): number {
    return values.reduce((total, value) => total + value, 0);
}

/** Whether two mixes are the same. */
export function isSameMix(a: Mix, b: Mix): boolean {
    return a.left.length === b.left.length
        && a.left.every((value, index) => value === b.left[index])
        && a.right.every((value, index) => value === b.right[index]);
}
