// One band in the table.
import { memo } from "react";
import { IconButton } from "../controls/Button";
import { NumberField } from "../parameters/NumberField";
import { lawOf } from "../parameters/law";
import type { Quantity } from "../parameters/quantity";
import { useUnits } from "../parameters/settings";
import { octavesOfQ } from "./bandwidth";
import { defaultBand, typeNames } from "./bands";
import { filterTypes, hasGain, hasQ, isFilterType } from "./biquad";
import { bandColour } from "./handles";
import type { EqModel, Movement } from "./model";
import { octavesText } from "./texts";
import { useBand } from "./useEq";

const hertz: Quantity = { kind: "frequency", unit: "Hz" };
const decibels: Quantity = { kind: "level", unit: "dB" };
const ratio: Quantity = { kind: "ratio", unit: "" };

export interface BandRowProps {
    model: EqModel;
    channel: number;
    band: number;
    isSelected: boolean;
    onSelect: (band: number) => void;
}

/** Number, switch, type and numbers of a band, all of them editable. */
export const BandRow = memo(function BandRow({ model, channel, band: index, isSelected, onSelect }: BandRowProps): JSX.Element {
    const band = useBand(model, channel, index);
    const units = useUnits();
    const { limits } = model;
    const name = `band ${index + 1}`;
    const change = (part: Parameters<Movement["to"]>[0]): void => model.move(channel, index).to(part);
    return (
        <tr
            className={isSelected ? "selected" : undefined}
            aria-selected={isSelected}
            onFocus={() => onSelect(index)}
            onPointerDown={() => onSelect(index)}
        >
            <td>
                <button
                    type="button"
                    className={band.isEnabled ? "eq-number" : "eq-number off"}
                    style={{ ["--own" as string]: `var(${bandColour(index)})` }}
                    role="switch"
                    aria-checked={band.isEnabled}
                    aria-label={`Band ${index + 1} on`}
                    title={band.isEnabled ? "On: click to turn off" : "Off: click to turn on"}
                    onClick={() => model.toggle(channel, index)}
                >
                    {index + 1}
                </button>
            </td>
            <td>
                <select
                    aria-label={`Type, ${name}`}
                    value={band.type}
                    onChange={(event) => {
                        if (isFilterType(event.target.value)) model.set(channel, index, { type: event.target.value });
                    }}
                >
                    {filterTypes.map((type) => <option key={type} value={type}>{typeNames[type]}</option>)}
                </select>
            </td>
            <td>
                <NumberField
                    label={`Frequency, ${name}`}
                    value={band.frequency}
                    quantity={hertz}
                    range={limits.frequency}
                    law={lawOf(hertz, limits.frequency)}
                    context={units}
                    onChange={(frequency) => change({ frequency })}
                    onDefault={() => change({ frequency: defaultBand.frequency })}
                />
            </td>
            <td>
                {hasGain(band.type) ? (
                    <NumberField
                        label={`Gain, ${name}`}
                        value={band.gainDb}
                        quantity={decibels}
                        range={limits.gainDb}
                        law={lawOf(decibels, limits.gainDb)}
                        context={units}
                        onChange={(gainDb) => change({ gainDb })}
                        onDefault={() => change({ gainDb: 0 })}
                    />
                ) : <span className="faint">–</span>}
            </td>
            <td>
                {hasQ(band.type) ? (
                    <NumberField
                        label={`Q, ${name}`}
                        value={band.q}
                        quantity={ratio}
                        range={limits.q}
                        law={lawOf(ratio, limits.q)}
                        context={units}
                        onChange={(q) => change({ q })}
                        onDefault={() => change({ q: defaultBand.q })}
                    />
                ) : <span className="faint">–</span>}
            </td>
            <td className="numbers dim" title="Bandwidth in octaves">{hasQ(band.type) ? octavesText(octavesOfQ(band.q)) : "–"}</td>
            <td>
                <IconButton label={`Remove ${name}`} icon="trash" onClick={() => model.remove(channel, index)} />
            </td>
        </tr>
    );
});
