// In which unit delays are shown, and how fast sound is.

import { useId, useState } from "react";

import { Options } from "./Options";
import { DelayUnit, delayUnits } from "./quantity";
import { changeUnits, useUnits } from "./settings";
import { parseSpeed, speedRange } from "./speedOfSound";

/** Unit of delays and speed of sound. */
export function UnitBar(): JSX.Element {
    const { delayUnit, speedOfSound } = useUnits();
    const [draft, setDraft] = useState<string | null>(null);
    const [isFaulty, setFaulty] = useState(false);
    const unitId = useId();
    const speedId = useId();
    const faultId = useId();
    const commit = (): void => {
        if (draft === null) return;
        const speed = parseSpeed(draft);
        setFaulty(speed === null);
        if (speed === null) return;
        setDraft(null);
        changeUnits({ speedOfSound: speed });
    };
    return (
        <div className="unit-bar">
            <label htmlFor={unitId}>Delays in</label>
            <select id={unitId} value={delayUnit}
                onChange={(event) => changeUnits({ delayUnit: event.target.value as DelayUnit })}>
                <Options items={delayUnits.map((unit) => [unit, unit])} />
            </select>
            <label htmlFor={speedId}>Speed of sound</label>
            <input
                id={speedId} type="text" autoComplete="off" value={draft ?? `${speedOfSound} m/s`}
                aria-invalid={isFaulty}
                aria-describedby={isFaulty ? faultId : undefined}
                title="Metres a second, or the temperature of the air: 20 °C"
                onChange={(event) => {
                    setDraft(event.target.value);
                    setFaulty(false);
                }}
                onBlur={commit}
                onKeyDown={(event) => {
                    if (event.key === "Enter") commit();
                    if (event.key !== "Escape" || draft === null) return;
                    event.preventDefault();
                    setDraft(null);
                    setFaulty(false);
                }}
            />
            {isFaulty && (
                <span id={faultId} className="number-fault" role="alert">
                    Allowed: {speedRange.min} to {speedRange.max} m/s, or a temperature such as 20 °C.
                </span>
            )}
        </div>
    );
}
