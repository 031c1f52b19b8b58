// How the equaliser is shown: remembered by the browser, the same for every equaliser.
import { readStored, writeStored } from "../frame/storage";
import { Observable, useSelected } from "../node/select";

/** The vertical ranges, ± dB. */
export const rangeChoices = [6, 12, 18, 30] as const;
/** Widths of the spectrum's smoothing, octaves; 0 is none. */
export const smoothingChoices = [0, 1 / 12, 1 / 6, 1 / 3, 1] as const;

export interface EqSettings {
    /** ± dB */
    range: (typeof rangeChoices)[number];
    /** what the second axis shows besides the levels of spectra */
    second: "none" | "phase" | "delay";
    /** faint curves of the other channels */
    showsOthers: boolean;
    showsBands: boolean;
    showsPre: boolean;
    showsPost: boolean;
    /** octaves */
    smoothing: number;
    /** Spectra keep their highest levels. */
    holdsPeaks: boolean;
    /** Only what a band acts upon is heard while it is dragged. */
    solo: boolean;
}

const key = "soundpost.eq";
const usual: EqSettings = {
    range: 12, second: "none", showsOthers: false, showsBands: true, showsPre: true, showsPost: true,
    smoothing: 1 / 6, holdsPeaks: false, solo: false,
};

/** Settings from whatever was stored: what does not fit is the usual. Solo is never remembered. */
export function settingsFrom(stored: unknown): EqSettings {
    const settings = { ...usual };
    if (typeof stored !== "object" || stored === null) return settings;
    const read = stored as Record<string, unknown>;
    settings.range = rangeChoices.find((choice) => choice === read.range) ?? usual.range;
    settings.second = (["none", "phase", "delay"] as const).find((choice) => choice === read.second) ?? usual.second;
    settings.smoothing = smoothingChoices.find((choice) => choice === read.smoothing) ?? usual.smoothing;
    for (const flag of ["showsOthers", "showsBands", "showsPre", "showsPost", "holdsPeaks"] as const) {
        const value = read[flag];
        if (typeof value === "boolean") settings[flag] = value;
    }
    return settings;
}

/** The settings in force. */
export const eqSettings = new Observable<EqSettings>(settingsFrom(readStored(key)));

/** Changes settings and remembers them. */
export function changeSettings(change: Partial<EqSettings>): void {
    eqSettings.update(change);
    const { solo, ...kept } = eqSettings.get();
    void solo;
    writeStored(key, kept);
}

/** The settings; draws again when they change. */
export function useEqSettings(): EqSettings {
    return useSelected(eqSettings, (settings) => settings);
}
