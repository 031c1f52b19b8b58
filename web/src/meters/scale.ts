/** The lowest level that a meter shows, dBFS. */
export type ScaleFloor = -60 | -90 | -120;

/** The choices, in the order in which they are offered. */
export const scaleFloors: readonly ScaleFloor[] = [-60, -90, -120];

/** The highest level that a meter shows, dBFS: inside the chain samples may exceed full scale. */
export const scaleTop = 6;

/**
 * Place of a level on a meter: 0 at the floor, 1 at `scaleTop`. The upper half of the bar belongs to the top 30 dB,
 * where levels are set; below them the scale is coarser. Levels outside are held at the ends.
 */
export function place(db: number, floor: ScaleFloor): number {
    if (!(db > floor)) return 0;
    if (db >= scaleTop) return 1;
    const knee = -24;
    const share = 0.5;
    return db >= knee
        ? share + ((1 - share) * (db - knee)) / (scaleTop - knee)
        : (share * (db - floor)) / (knee - floor);
}

/** The level at a place from 0 to 1, the inverse of `place`. */
export function levelAt(position: number, floor: ScaleFloor): number {
    const knee = -24;
    const x = Math.min(1, Math.max(0, position));
    return x >= 0.5 ? knee + ((x - 0.5) / 0.5) * (scaleTop - knee) : floor + (x / 0.5) * (knee - floor);
}

/** The levels that are written beside the bars, from the top down, dBFS. */
export function ticks(floor: ScaleFloor): number[] {
    const lower = { [-60]: [-36, -48, -60], [-90]: [-40, -60, -75, -90], [-120]: [-48, -72, -96, -120] }[floor];
    return [6, 0, -6, -12, -18, -24, ...lower];
}
