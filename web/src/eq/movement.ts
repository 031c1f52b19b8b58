// A drag, as numbers: where the pointer went becomes what the band is. No browser, no node.
import type { Band, BandLimits } from "./bands";
import { clamp } from "./bands";
import { dbOf, hertzOf, xOf, yOf, type Plot } from "./plot";
import { fromHandle, handleDb } from "./model";

/** What a drag changes: place (frequency and gain), or width. */
export type DragKind = "place" | "width";

/** Pixels of a drag that double or halve Q. */
const qWay = 60;
/** How much less the band moves while it is moved finely. */
const fineness = 0.1;

/** A drag of one band's handle. */
export class Drag {
    private x: number;
    private y: number;
    private octaves = 0;

    constructor(
        readonly kind: DragKind,
        private readonly start: Band,
        plot: Plot,
        private readonly limits: BandLimits,
    ) {
        this.x = xOf(plot, start.frequency);
        this.y = yOf(plot, handleDb(start));
    }

    /** The pointer went (dx, dy) pixels further; what the band's numbers become. Always the same fields in a drag. */
    by(dx: number, dy: number, isFine: boolean, plot: Plot): Partial<Pick<Band, "frequency" | "gainDb" | "q">> {
        const part = isFine ? fineness : 1;
        if (this.kind === "width") {
            this.octaves -= (dy * part) / qWay;
            const q = clamp(this.start.q * Math.pow(2, this.octaves), this.limits.q);
            // What goes over the edge is not collected.
            this.octaves = Math.log2(q / this.start.q);
            return { q: tidyQ(q, isFine) };
        }
        const left = xOf(plot, this.limits.frequency.min);
        const right = xOf(plot, this.limits.frequency.max);
        this.x = Math.min(Math.max(this.x + dx * part, left), right);
        this.y += dy * part;
        const frequency = tidyHertz(clamp(hertzOf(plot, this.x), this.limits.frequency), isFine);
        const db = dbOf(plot, this.y);
        const change = fromHandle(this.start, db);
        if (change.gainDb !== undefined) {
            const gainDb = clamp(change.gainDb, this.limits.gainDb);
            this.y = yOf(plot, gainDb);
            return { frequency, gainDb: tidyDb(gainDb, isFine) };
        }
        if (change.q !== undefined) {
            const q = clamp(change.q, this.limits.q);
            this.y = yOf(plot, 20 * Math.log10(q));
            return { frequency, q: tidyQ(q, isFine) };
        }
        return { frequency };
    }
}

/** Four digits of a frequency, fine six. */
export function tidyHertz(hertz: number, isFine: boolean): number {
    return Number(hertz.toPrecision(isFine ? 6 : 4));
}

/** Tenths of a dB, fine hundredths. */
export function tidyDb(db: number, isFine: boolean): number {
    return Number(db.toFixed(isFine ? 2 : 1)) + 0;
}

/** Three digits of a Q, fine four. */
export function tidyQ(q: number, isFine: boolean): number {
    return Number(q.toPrecision(isFine ? 4 : 3));
}

/** What keys do to a band's numbers; undefined for other keys. Shift is a tenth, Page Up and Down are ten steps. */
export function keyChange(
    key: string, isFine: boolean, band: Band, limits: BandLimits,
): Partial<Pick<Band, "frequency" | "gainDb" | "q">> | undefined {
    const part = isFine ? 0.1 : 1;
    const byHertz = (steps: number): { frequency: number } => ({
        frequency: tidyHertz(clamp(band.frequency * Math.pow(2, (steps * part) / 24), limits.frequency), true),
    });
    const byHeight = (steps: number): Partial<Pick<Band, "gainDb" | "q">> => {
        const change = fromHandle(band, handleDb(band) + steps * 0.5 * part);
        if (change.gainDb !== undefined) return { gainDb: tidyDb(clamp(change.gainDb, limits.gainDb), true) };
        return change.q === undefined ? {} : { q: tidyQ(clamp(change.q, limits.q), true) };
    };
    const byWidth = (steps: number): { q: number } => ({
        q: tidyQ(clamp(band.q * Math.pow(2, steps / 6), limits.q), true),
    });
    switch (key) {
        case "ArrowRight": return byHertz(1);
        case "ArrowLeft": return byHertz(-1);
        case "ArrowUp": return byHeight(1);
        case "ArrowDown": return byHeight(-1);
        case "PageUp": return byHeight(10);
        case "PageDown": return byHeight(-10);
        // On many keyboards "+" is typed with Shift: the braces are the fine steps.
        case "+": case "=": case "]": return byWidth(1);
        case "-": case "[": return byWidth(-1);
        case "}": return byWidth(0.1);
        case "{": return byWidth(-0.1);
        default: return undefined;
    }
}
