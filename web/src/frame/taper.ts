// Where a level stands on a fader: fine around 0 dB, coarse where it is nearly silent.

/** Levels in dB and their places from the bottom (0) to the top (1). Between them the way is straight, and so beyond. */
const marks: [number, number][] = [
    [-120, 0], [-80, 0.06], [-60, 0.13], [-40, 0.26], [-20, 0.5], [0, 0.78], [12, 0.92], [24, 1],
];
const turned = marks.map(([level, place]): [number, number] => [place, level]);

/** Place of a level in dB. */
export function placeOf(levelDb: number): number {
    return interpolate(marks, levelDb);
}

/** Level in dB of a place. */
export function levelAt(place: number): number {
    return interpolate(turned, place);
}

function interpolate(points: [number, number][], x: number): number {
    let i = 1;
    while (i < points.length - 1 && x > points[i][0]) i += 1;
    const [x0, y0] = points[i - 1];
    const [x1, y1] = points[i];
    return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
