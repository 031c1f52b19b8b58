// How this browser shows delays. Kept by the browser, not by the node.

import { readStored, writeStored } from "../frame/storage";
import { Observable, useSelected } from "../node/select";
import { useNode } from "../node/store";
import { DelayUnit, delayUnits, UnitContext } from "./quantity";
import { speedRange, usualSpeedOfSound } from "./speedOfSound";

/** The unit of delays and the speed of sound in metres a second. */
export interface UnitSettings {
    delayUnit: DelayUnit;
    speedOfSound: number;
}

const stored = "soundpost.units";

const settings = new Observable<UnitSettings>(read());

function read(): UnitSettings {
    const kept = readStored(stored) as Partial<UnitSettings> | undefined;
    const unit = delayUnits.find((known) => known === kept?.delayUnit);
    const speed = kept?.speedOfSound;
    const isSpeed = typeof speed === "number" && speed >= speedRange.min && speed <= speedRange.max;
    return {
        delayUnit: unit ?? "ms",
        speedOfSound: isSpeed ? speed : usualSpeedOfSound,
    };
}

/** Changes the settings and keeps them. */
export function changeUnits(change: Partial<UnitSettings>): void {
    settings.update(change);
    writeStored(stored, settings.get());
}

/** The settings together with the chain's sample rate. */
export function useUnits(): UnitContext {
    const rate = useNode((state) => state.link?.global.sampleRate ?? 48000);
    const { delayUnit, speedOfSound } = useSelected(settings, (kept) => kept);
    return { rate, delayUnit, speedOfSound };
}
