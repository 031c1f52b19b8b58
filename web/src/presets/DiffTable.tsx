// What differs between a preset and what plays, or between two presets; single lines can be taken.

import { useId, useState } from "react";

import { Button } from "../controls/Button";
import { moduleAt } from "../flow/chain/model";
import { node, useNode, useValuesVersion } from "../node/store";
import { Options } from "../parameters/Options";
import { useUnits } from "../parameters/settings";
import { DiffLine, diffLines, Values } from "./diff";
import { named } from "./profileState";

/** In place of a preset's id: the values that play. */
const playing = "";

/** A table of differences with a choice of its two sides. */
export function DiffTable({ instance }: { instance: string }): JSX.Element {
    const list = useNode((state) => state.presets[instance]);
    const type = useNode((state) => moduleAt(state.link, state.library, instance));
    useValuesVersion(instance);
    const context = useUnits();
    const [chosenLeft, setLeft] = useState<string | null>(null);
    const [chosenRight, setRight] = useState(playing);
    const leftId = useId();
    const rightId = useId();
    const presets = list?.presets ?? [];
    const has = (id: string | null): id is string => presets.some((preset) => preset.presetId === id);
    const left = has(chosenLeft) ? chosenLeft : has(list?.loaded ?? null) ? list?.loaded ?? "" : presets[0]?.presetId;
    const right = has(chosenRight) ? chosenRight : playing;
    if (left === undefined) {
        return (
            <section className="presets-box" aria-label="Differences">
                <header><h3>Differences</h3></header>
                <p className="presets-none dim">
                    As soon as there is a preset, its differences from what plays stand here.
                </p>
            </section>
        );
    }
    const valuesOf = (id: string): Values => (id === playing
        ? node.values(instance) : presets.find((preset) => preset.presetId === id)?.params ?? {});
    const nameOf = (id: string): string => (id === playing
        ? "Playing" : presets.find((preset) => preset.presetId === id)?.name ?? id);
    const leftValues = valuesOf(left);
    // What plays has values that a preset may lack; those are no differences.
    const rightValues = right === playing
        ? Object.fromEntries(Object.entries(valuesOf(playing)).filter(([key]) => key in leftValues)) : valuesOf(right);
    const lines = diffLines(leftValues, rightValues, type, context);
    const take = (line: DiffLine, value: string | undefined): void => {
        if (value !== undefined) node.set(instance, line.key, value);
    };
    const now = node.values(instance);
    const usable = (line: DiffLine, value: string | undefined): boolean => (
        value !== undefined && now[line.key] !== undefined && now[line.key] !== value);
    return (
        <section className="presets-box wide" aria-label="Differences">
            <header>
                <h3>Differences</h3>
                <span className="presets-actions">
                    <label htmlFor={leftId} className="hidden-text">Preset on the left</label>
                    <select id={leftId} value={left} onChange={(event) => setLeft(event.target.value)}>
                        <Options items={named(presets)} />
                    </select>
                    <label htmlFor={rightId}>and</label>
                    <select id={rightId} value={right} onChange={(event) => setRight(event.target.value)}>
                        <option value={playing}>what plays</option>
                        <Options items={named(presets.filter((preset) => preset.presetId !== left))} />
                    </select>
                </span>
            </header>
            <p className="presets-count dim" role="status">
                {lines.length === 0 ? "No differences." : `${lines.length} difference${lines.length === 1 ? "" : "s"}`}
            </p>
            {lines.length > 0 && (
                <div className="presets-scroll" tabIndex={0} role="group" aria-label="Values that differ">
                    <table className="plain diff-table">
                        <thead>
                            <tr>
                                <th scope="col">Parameter</th>
                                <th scope="col">{nameOf(left)}</th>
                                <th scope="col">{nameOf(right)}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {lines.map((line) => (
                                <tr key={line.key}>
                                    <th scope="row">{line.title}</th>
                                    <Side text={line.leftText} title={line.title} of={nameOf(left)}
                                        onTake={usable(line, line.left) ? () => take(line, line.left) : undefined} />
                                    <Side text={line.rightText} title={line.title} of={nameOf(right)}
                                        onTake={right !== playing && usable(line, line.right) ? () =>
                                            take(line, line.right) : undefined} />
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </section>
    );
}

function Side(
    { text, title, of, onTake }: { text: string; title: string; of: string; onTake?: () => void },
): JSX.Element {
    return (
        <td>
            <span className="diff-side">
                <span>{text}</span>
                {onTake && (
                    <Button
                        className="text-button" aria-label={`Use ${title} of ${of}: ${text}`} title="Play this value"
                        onClick={onTake}
                    >
                        Use
                    </Button>
                )}
            </span>
        </td>
    );
}
