// Bands on their way from one channel or module to another. The system's clipboard gets them as text too.
import { Observable } from "../node/select";
import type { Band } from "./bands";
import { apoText } from "./export/text";

/** What was copied. */
export interface CopiedBands {
    bands: readonly Band[];
    /** One band is added where it is pasted; all of a channel take the place of what is there. */
    isWhole: boolean;
}

/** Kept while the page is open. */
export const copied = new Observable<CopiedBands | null>(null);

/** Copies bands; `sampleRate` in Hz for what becomes coefficients in the text. */
export function copyBands(bands: readonly Band[], isWhole: boolean, sampleRate: number): void {
    copied.set({ bands: bands.map((band) => ({ ...band })), isWhole });
    // Not everywhere allowed; the page itself does not need it.
    navigator.clipboard?.writeText(apoText([bands], sampleRate).text).catch(() => undefined);
}
