import { Button } from "../controls/Button";
import { Toggle } from "../controls/Toggle";
import { Popover } from "./Popover";
import { SourceList } from "./SourceList";
import { ScaleFloor, scaleFloors } from "./scale";
import { MeterSource } from "./sources";
import { bank, choices, meters, useMeters } from "./state";

/** How levels are to be understood, in one sentence each. */
export const conventions = [
    "Peak: the highest sample since the last update, in dBFS; 0 dBFS is a sample of full scale.",
    "RMS: the root mean square without any correction, in dBFS: a full-scale sine reads −3.01, a full-scale square 0.",
    "Levels are taken at a module's outputs; inside the chain they may exceed 0 dBFS without harm.",
    "The clip light comes on at 0 dBFS and stays until it is cleared.",
];

/** Everything that sets the meters. */
export function MeterToolbar({ all, clips, note }: {
    all: MeterSource[];
    clips: number;
    note: string | null;
}): JSX.Element {
    const { sources, floor, isHorizontal, isTable } = useMeters((settings) => settings);
    const known = sources.filter((id) => all.some((source) => source.id === id));
    return (
        <div className="toolbar" role="toolbar" aria-label="Meters">
            <Popover label="Choose what is metered" text={`Choose… (${known.length})`} id="meters-choose">
                <SourceList sources={all} chosen={sources} onChange={meters.set} />
                <p>
                    <kbd>Shift M</kbd> meters what is selected in the signal flow.
                </p>
                <Button onClick={() => meters.change({ sources: [] })} disabled={sources.length === 0}>
                    Choose none
                </Button>
            </Popover>
            <Button
                id="meters-clear" kind={clips > 0 ? "danger" : undefined} onClick={() => bank.clear()}
                title="Put out all clip lights and let hold begin again (Shift-click on a meter)"
            >
                {clips > 0 ? `Clear ${clips} ${clips === 1 ? "clip" : "clips"}` : "Clear"}
            </Button>
            <label className="field">
                <span className="dim">Scale</span>
                <select
                    aria-label="Lowest level of the scale" value={floor}
                    onChange={(event) => meters.change({ floor: Number(event.target.value) as ScaleFloor })}
                >
                    {scaleFloors.map((choice) => (
                        <option key={choice} value={choice}>{`−${-choice} dBFS`}</option>
                    ))}
                </select>
            </label>
            <Toggle
                pressed={isHorizontal} onChange={(pressed) => meters.change({ isHorizontal: pressed })}
                title="Lay the bars on their side"
            >
                Horizontal
            </Toggle>
            <Toggle
                pressed={isTable} onChange={(pressed) => meters.change({ isTable: pressed })}
                title="All levels as numbers in a table"
            >
                Table
            </Toggle>
            <Popover label="How the meters move" icon="settings" text="Ballistics" id="meters-ballistics">
                <BallisticsForm />
            </Popover>
            <Popover label="What the numbers mean" title={conventions.join("\n")} icon="help">
                {conventions.map((sentence) => <p key={sentence}>{sentence}</p>)}
            </Popover>
            <span className="stretch" />
            {note !== null && <span className="pane-note" role="status">{note}</span>}
        </div>
    );
}

function BallisticsForm(): JSX.Element {
    const { holdSeconds, releaseDbPerSecond, rmsSeconds } = useMeters((settings) => settings);
    const time = (seconds: number) => (seconds < 1 ? `${seconds * 1000} ms` : `${seconds} s`);
    const holdText = (seconds: number) => (
        seconds === 0 ? "off" : seconds === Infinity ? "until cleared" : time(seconds)
    );
    const rmsText = (seconds: number) => (seconds === 0 ? "none" : time(seconds));
    return (
        <>
            <div className="pairs">
                <label htmlFor="meter-hold">Peak hold</label>
                <select
                    id="meter-hold" value={holdSeconds}
                    onChange={(event) => meters.change({ holdSeconds: Number(event.target.value) })}
                >
                    {choices.hold.map((choice) => <option key={choice} value={choice}>{holdText(choice)}</option>)}
                </select>
                <label htmlFor="meter-release">Peak release</label>
                <select
                    id="meter-release" value={releaseDbPerSecond}
                    onChange={(event) => meters.change({ releaseDbPerSecond: Number(event.target.value) })}
                >
                    {choices.release.map((choice) => <option key={choice} value={choice}>{`${choice} dB/s`}</option>)}
                </select>
                <label htmlFor="meter-rms">RMS averaging</label>
                <select
                    id="meter-rms" value={rmsSeconds}
                    onChange={(event) => meters.change({ rmsSeconds: Number(event.target.value) })}
                >
                    {choices.rms.map((choice) => <option key={choice} value={choice}>{rmsText(choice)}</option>)}
                </select>
            </div>
            <p>
                <strong>Attack is instant:</strong> a peak shows with the update that brings it, every 50 ms.
                {" "}The peak bar then falls by {releaseDbPerSecond} dB a second. The RMS bar
                {rmsSeconds === 0
                    ? " shows the mean of each update."
                    : ` follows the mean power with a time constant of ${time(rmsSeconds)}.`}
            </p>
        </>
    );
}
