// A slider between two presets.

import { useId, useRef, useState } from "react";

import { useNode } from "../node/store";
import { stepsOfKey } from "../parameters/NumberField";
import { Options } from "../parameters/Options";
import { useWheel } from "../parameters/wheel";
import { morph } from "./morphing";
import { named } from "./profileState";

/** Two presets and the way between them. */
export function Morph({ instance }: { instance: string }): JSX.Element {
    const list = useNode((state) => state.presets[instance]);
    const isMissing = useNode((state) => state.missing.includes("morph_presets"));
    const [chosen, setChosen] = useState<{ from: string | null; to: string | null }>({ from: null, to: null });
    const [position, setPosition] = useState(0);
    const slider = useRef<HTMLInputElement>(null);
    const fromId = useId();
    const toId = useId();
    const sliderId = useId();
    const presets = list?.presets ?? [];
    const has = (id: string | null): id is string => presets.some((preset) => preset.presetId === id);
    const from = has(chosen.from) ? chosen.from : presets[0]?.presetId ?? "";
    const to = has(chosen.to) && chosen.to !== from
        ? chosen.to : presets.find((preset) => preset.presetId !== from)?.presetId ?? "";
    const isReady = to !== "" && !isMissing;
    const go = (percent: number): void => {
        const next = Math.min(Math.max(percent, 0), 100);
        setPosition(next);
        morph(instance, from, to, next / 100);
    };
    useWheel(slider, (steps, fine) => go(position + steps * (fine ? 0.5 : 2)), () => isReady);
    const choose = (change: Partial<typeof chosen>): void => {
        setChosen({ from, to, ...change });
        setPosition(0);
    };
    return (
        <section className="presets-box narrow" aria-label="Morph between presets">
            <header><h3>Morph</h3></header>
            {isMissing ? (
                <p className="presets-none dim">This node is too old to go from one preset to another gradually.</p>
            ) : presets.length < 2 ? (
                <p className="presets-none dim">Two presets are needed: the slider then goes from one to the other.</p>
            ) : (
                <div className="morph">
                    <label htmlFor={fromId}>From</label>
                    <select id={fromId} value={from} onChange={(event) => choose({ from: event.target.value })}>
                        <Options items={named(presets)} />
                    </select>
                    <label htmlFor={toId}>To</label>
                    <select id={toId} value={to} onChange={(event) => choose({ to: event.target.value })}>
                        <Options items={named(presets.filter((preset) => preset.presetId !== from))} />
                    </select>
                    <label htmlFor={sliderId}>Position</label>
                    <output htmlFor={sliderId}>{position} %</output>
                    <input
                        ref={slider} id={sliderId} type="range" min={0} max={100} step={0.5} value={position}
                        disabled={!isReady}
                        aria-valuetext={`${position} %`}
                        onChange={(event) => go(Number(event.target.value))}
                        onKeyDown={(event) => {
                            const sideways = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
                            const step = sideways || stepsOfKey(event.key);
                            if (step === 0) return;
                            event.preventDefault();
                            go(position + step * (event.shiftKey ? 0.5 : 1));
                        }}
                    />
                    <p className="dim">Moving the slider sets every value of the module between the two presets.</p>
                </div>
            )}
        </section>
    );
}
