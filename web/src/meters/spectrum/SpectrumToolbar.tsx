import { useState } from "react";
import { Button } from "../../controls/Button";
import { Toggle } from "../../controls/Toggle";
import { Popover } from "../Popover";
import { MeterSource } from "../sources";
import { WireList } from "./WireList";
import { csvOf } from "./curve";
import { ShownWire, shownCurve } from "./SpectrumView";
import { SpectrumSettings, spectra, spectrum, spectrumChoices, useSpectrum } from "./state";

const fractions: Record<string, string> = {
    "0": "off", [String(1 / 12)]: "1/12 oct", [String(1 / 6)]: "1/6 oct", [String(1 / 3)]: "1/3 oct",
    "0.5": "1/2 oct", "1": "1 oct",
};

/** Everything that sets the spectra. */
export function SpectrumToolbar({ all, wires, note }: {
    all: MeterSource[];
    wires: ShownWire[];
    note: string | null;
}): JSX.Element {
    const settings = useSpectrum((state) => state);
    const [isFrozen, setFrozen] = useState(spectra.isFrozen);
    const [hasReference, setReference] = useState(spectra.references.size > 0);
    const freeze = (pressed: boolean) => {
        spectra.isFrozen = pressed;
        setFrozen(pressed);
    };
    const refer = (isTaken: boolean) => {
        if (isTaken) spectra.takeReference();
        else spectra.clearReference();
        setReference(spectra.references.size > 0);
    };
    return (
        <div className="toolbar" role="toolbar" aria-label="Spectrum">
            <Popover label="Choose wires" text={`Wires… (${wires.length})`} id="spectrum-wires">
                <WireList sources={all} />
                <p><kbd>Shift S</kbd> shows what comes out of the modules selected in the signal flow.</p>
            </Popover>
            <Choice name="averaging" label="Average" settings={settings} text={String} />
            <Choice name="smoothing" label="Smooth" settings={settings} text={(value) => fractions[String(value)]} />
            <Popover label="How the curves are shown" icon="settings" text="View" id="spectrum-view">
                <Choice
                    name="tilt" label="Tilt" settings={settings}
                    text={(value) => (value === 0 ? "off" : `${value} dB/oct`)}
                />
                <Choice
                    name="topDb" label="Top" settings={settings}
                    text={(value) => `${value > 0 ? "+" : ""}${value} dBFS`.replace("-", "−")}
                />
                <Choice name="spanDb" label="Range" settings={settings} text={(value) => `${value} dB`} />
                <Choice name="size" label="FFT" settings={settings} text={(value) => `${value} samples`} />
            </Popover>
            <Toggle
                pressed={settings.showsPeak} title="Show the highest level of each frequency, dotted"
                onChange={(pressed) => {
                    if (pressed) for (const curve of spectra.curves.values()) curve.clearPeak();
                    spectrum.change({ showsPeak: pressed });
                }}
            >
                Peak hold
            </Toggle>
            <Toggle pressed={isFrozen} onChange={freeze} tone="warn" title="Hold the picture as it is">Freeze</Toggle>
            <Button onClick={() => spectra.restart()} title="Averages and peak hold begin again">Restart</Button>
            <Toggle
                pressed={hasReference} onChange={refer} title="Keep the curves as they are now, dashed, to compare with"
            >
                Reference
            </Toggle>
            <Button
                icon="download" onClick={() => exportCurves(wires)} disabled={wires.length === 0}
                title="Save the curves shown as CSV"
            >
                CSV
            </Button>
            <Popover label="What the curves mean" title={conventions.join("\n")} icon="help">
                {conventions.map((sentence) => <p key={sentence}>{sentence}</p>)}
            </Popover>
            {note !== null && <span className="pane-note" role="status">{note}</span>}
        </div>
    );
}

const conventions = [
    "A full-scale sine reads 0 dBFS at its frequency; several channels together are shown by their mean power.",
    "Averages are of power: fast has a time constant of 250 ms, slow of 2 s, infinite is the mean since Restart.",
    "Smoothing takes the mean power over a part of an octave; a single tone gets lower by it, a level noise does not.",
    "Tilt turns the curve about 1 kHz: at 3 dB/oct pink noise lies level.",
    "A longer FFT tells low tones apart that are closer, but is slower.",
];

type NumberName = "smoothing" | "tilt" | "topDb" | "spanDb" | "size";

function Choice<N extends NumberName | "averaging">({ name, label, settings, text }: {
    name: N;
    label: string;
    settings: SpectrumSettings;
    text: (value: SpectrumSettings[N]) => string;
}): JSX.Element {
    const values = spectrumChoices[name] as SpectrumSettings[N][];
    return (
        <label className="field">
            <span className="dim">{label}</span>
            <select
                aria-label={label} data-setting={name} value={String(settings[name])}
                onChange={(event) => {
                    const value = values.find((each) => String(each) === event.target.value);
                    if (value !== undefined) spectrum.change({ [name]: value });
                }}
            >
                {values.map((value) => <option key={String(value)} value={String(value)}>{text(value)}</option>)}
            </select>
        </label>
    );
}

function exportCurves(wires: ShownWire[]): void {
    const { showsPeak } = spectrum.getState();
    const columns = wires.flatMap((wire) => {
        const curve = spectra.curves.get(wire.name);
        const reference = spectra.references.get(wire.name);
        return [
            ...(curve ? [{ name: wire.label, db: shownCurve(curve.average) }] : []),
            ...(curve && showsPeak ? [{ name: `${wire.label}, peak hold`, db: shownCurve(curve.peak) }] : []),
            ...(reference ? [{ name: `${wire.label}, reference`, db: shownCurve(reference) }] : []),
        ];
    });
    const address = URL.createObjectURL(new Blob([csvOf(spectra.grid, columns)], { type: "text/csv" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "spectrum.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
