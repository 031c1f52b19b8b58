// What a fit may do.
import type { BandLimits } from "../../eq/bands";
import { bandCount } from "../../eq/bands";
import { page } from "../page";
import type { Quantity, Range } from "../../parameters/quantity";
import { CurveText, FileButton } from "./MeasurementBox";
import { usualSettings, type FitSettings } from "./request";
import { usualRange } from "./scale";
import type { CurveReader } from "./useCurve";

export type TargetKind = FitSettings["target"]["kind"];

/** The form's state. The target's parts are kept while another kind is chosen. */
export interface Choice extends Omit<FitSettings, "target"> {
    target: TargetKind;
    dbPerOctave: number;
}

export const usualChoice: Choice = { ...usualSettings, bands: bandCount, target: "flat", dbPerOctave: -1 };

const hertz: Quantity = { kind: "frequency", unit: "Hz" };
const level: Quantity = { kind: "level", unit: "dB" };
const count: Quantity = { kind: "count", unit: "" };

export function SettingsForm({ choice, onChange, limits, target }: {
    choice: Choice;
    onChange: (change: Partial<Choice>) => void;
    limits: BandLimits;
    target: CurveReader;
}): JSX.Element {
    const { range } = choice;
    const audible = { min: limits.frequency.min, max: Math.min(usualRange[1], limits.frequency.max) };
    const gains = { min: 0, max: limits.gainDb.max };
    return (
        <div className="eq-form">
            <Field label="Bands" quantity={count} range={{ min: 1, max: bandCount }} usual={bandCount}
                value={choice.bands} onChange={(bands) => onChange({ bands })} />
            <label>
                <span>Range</span>
                <select
                    value={range ? "given" : "auto"}
                    onChange={(event) => onChange({
                        range: event.target.value === "auto" ? undefined : { low: usualRange[0], high: audible.max },
                    })}
                >
                    <option value="auto">All but rolled-off ends</option>
                    <option value="given">From … to …</option>
                </select>
            </label>
            {range && (
                <>
                    <Field label="From" quantity={hertz} range={audible} usual={usualRange[0]}
                        value={range.low} onChange={(low) => onChange({ range: { ...range, low } })} />
                    <Field label="To" quantity={hertz} range={audible} usual={audible.max}
                        value={range.high} onChange={(high) => onChange({ range: { ...range, high } })} />
                </>
            )}
            <Field label="Most cut" quantity={level} range={gains} usual={usualSettings.maxGainDb}
                value={choice.maxGainDb} onChange={(maxGainDb) => onChange({ maxGainDb })} />
            <Field label="Most boost" quantity={level} range={gains} usual={usualSettings.maxBoostDb}
                value={choice.maxBoostDb} onChange={(maxBoostDb) => onChange({ maxBoostDb })} />
            <label>
                <span>Target</span>
                <select value={choice.target} onChange={(event) => onChange({ target: event.target.value as TargetKind })}>
                    <option value="flat">Flat</option>
                    <option value="slope">Slope (house curve)</option>
                    <option value="curve">From a file</option>
                </select>
            </label>
            {choice.target === "slope" && (
                <Field label="Per octave" quantity={level} range={{ min: -6, max: 6 }} usual={-1}
                    value={choice.dbPerOctave} onChange={(dbPerOctave) => onChange({ dbPerOctave })} />
            )}
            {choice.target === "curve" && (
                <div className="auto-eq-source">
                    <FileButton label="File of the target" onFile={target.open}>Open target</FileButton>
                    <CurveText reader={target} />
                </div>
            )}
        </div>
    );
}

function Field({ label, value, quantity, range, usual, onChange }: {
    label: string;
    value: number;
    quantity: Quantity;
    range: Range;
    usual: number;
    onChange: (value: number) => void;
}): JSX.Element {
    const context = page.useUnits();
    return (
        <div className="eq-form-row">
            <span>{label}</span>
            <page.NumberField
                label={label} value={value} quantity={quantity} range={range} law={page.lawOf(quantity, range)} context={context}
                onChange={onChange} onDefault={() => onChange(usual)}
            />
        </div>
    );
}
