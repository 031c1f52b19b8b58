// Bands from a measurement: what was measured, what is wanted, and what an extension makes of it.
import { useEffect, useState } from "react";
import type { EqModel } from "../../eq/model";
import type { Extension } from "../../node/types";
import { page } from "../page";
import { unreadyText } from "../states";
import { bandsText, FitReport } from "./FitReport";
import { FitPlot } from "./FitPlot";
import { MeasurementBox } from "./MeasurementBox";
import { fitRequest, type Target } from "./request";
import { SettingsForm, usualChoice } from "./SettingsForm";
import { useCurve } from "./useCurve";
import { useFit } from "./useFit";

export interface AutoEqProps {
    model: EqModel;
    channel: number;
    channels: number;
    extension: Extension;
    onClose: () => void;
}

export function AutoEqDialog({ model, channel, channels, extension, onClose }: AutoEqProps): JSX.Element {
    const measurement = useCurve(extension.id);
    const wanted = useCurve(extension.id);
    const fit = useFit(extension.id);
    const [choice, setChoice] = useState(usualChoice);
    const [targets, setTargets] = useState(() => model.linked(channel));
    const [canUndo, setCanUndo] = useState(false);
    const isOpen = page.useNode((state) => state.connection === "open");
    const { curve } = measurement;
    const { result } = fit;
    // What was fitted belongs to the measurement that it was made from.
    useEffect(() => fit.clear(), [curve]);

    const why = whyNot();
    const isRunning = fit.progress !== undefined;
    const start = (): void => {
        if (isRunning) fit.cancel();
        else if (curve && why === undefined) fit.start(fitRequest(curve, { ...choice, target: targetOf() }, model.sampleRate));
    };
    const apply = (): void => {
        if (!result) return;
        const isChanged = model.replaceAll(new Map(targets.map((target) => [target, result.bands])));
        if (isChanged) setCanUndo(true);
        page.notify("info", isChanged ? `${bandsText(result.bands.length)} applied; undo takes them back.` : "The bands are already so.");
    };
    const undo = (): void => {
        if (!canUndo) return;
        setCanUndo(false);
        void page.node.undo();
    };
    const foot = (
        <>
            <page.Button aria-disabled={!canUndo} onClick={undo}>Undo</page.Button>
            <page.Button onClick={onClose}>Close</page.Button>
            <page.Button kind="primary" disabled={!result || targets.length === 0 || !isOpen} onClick={apply}>
                {result ? `Apply ${bandsText(result.bands.length)}` : "Apply"}
            </page.Button>
        </>
    );
    return (
        <page.Dialog title={`Auto EQ: ${model.instance}`} width={900} onClose={onClose} actions={foot}>
            <div className="auto-eq">
                <div className="auto-eq-choices">
                    <MeasurementBox reader={measurement} />
                    <SettingsForm
                        choice={choice} limits={model.limits} target={wanted}
                        onChange={(change) => setChoice((now) => ({ ...now, ...change }))}
                    />
                    {channels > 1 && <Channels count={channels} chosen={targets} onChange={setTargets} />}
                    <div className="auto-eq-run">
                        <page.Button
                            kind={result && !isRunning ? undefined : "primary"}
                            aria-disabled={!isRunning && why !== undefined}
                            title={isRunning ? undefined : why}
                            onClick={start}
                        >
                            {isRunning ? "Cancel" : "Fit"}
                        </page.Button>
                        {isRunning && <progress aria-label="Progress of the fit" max={1} value={fit.progress} />}
                        {!isRunning && why !== undefined && <span className="dim">{why}</span>}
                    </div>
                    {fit.fault !== undefined && <p className="auto-eq-fault" role="alert">{fit.fault}</p>}
                </div>
                <div className="auto-eq-outcome">
                    <FitPlot measured={curve} result={result} />
                    {result && <FitReport result={result} />}
                    <p className="hidden-text" role="status">{result && !isRunning ? `Fitted: ${bandsText(result.bands.length)}` : ""}</p>
                </div>
            </div>
        </page.Dialog>
    );

    function targetOf(): Target {
        if (choice.target === "curve" && wanted.curve) return { kind: "curve", curve: wanted.curve };
        return choice.target === "slope" ? { kind: "slope", dbPerOctave: choice.dbPerOctave } : { kind: "flat" };
    }

    /** Why nothing can be fitted now. */
    function whyNot(): string | undefined {
        if (!curve) return "Choose a measurement first.";
        if (choice.target === "curve" && !wanted.curve) return "Choose a target first.";
        return isOpen ? unreadyText(extension) : "There is no connection to the node.";
    }
}

function Channels({ count, chosen, onChange }: {
    count: number;
    chosen: readonly number[];
    onChange: (chosen: number[]) => void;
}): JSX.Element {
    return (
        <fieldset className="eq-targets">
            <legend className="dim">Into channel</legend>
            {Array.from({ length: count }, (_, index) => (
                <label key={index}>
                    <input
                        type="checkbox"
                        checked={chosen.includes(index)}
                        onChange={(event) => onChange(
                            event.target.checked ? [...chosen, index].sort((a, b) => a - b) : chosen.filter((one) => one !== index),
                        )}
                    />
                    {index + 1}
                </label>
            ))}
        </fieldset>
    );
}
