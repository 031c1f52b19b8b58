// How far the plot reaches.

/** What is looked at before a fit has said which range it took, Hz. */
export const usualRange: readonly [number, number] = [20, 20000];

/** The smallest of the plot's ranges (± dB) that holds curves between two frequencies; the largest where none does. */
export function levelRange(
    freqs: readonly number[], curves: readonly (readonly number[])[], zero: number, low: number, high: number,
): number {
    let most = 0;
    freqs.forEach((hertz, i) => {
        if (hertz < low || hertz > high) return;
        for (const db of curves) most = Math.max(most, Math.abs(db[i] - zero));
    });
    return [6, 12, 18, 30].find((range) => range >= most) ?? 30;
}
