import { useEffect, useMemo, useRef } from "react";
import { IconButton } from "../controls/Button";
import { node, useNode } from "../node/store";
import type { SpectrumPoint } from "../node/types";
import { useNoLevels } from "./MetersPane";
import { metersOf } from "./sources";
import { SpectrumToolbar } from "./spectrum/SpectrumToolbar";
import { ShownWire, SpectrumView } from "./spectrum/SpectrumView";
import { spectra, spectrum, useSpectrum, wireLabel, wireName } from "./spectrum/state";
import "./spectrum/spectrum.css";

/** Time between two spectra that the node is asked for, milliseconds. */
const updateMs = 50;

/** Spectra of any wires of the chain. */
export function SpectrumPane(): JSX.Element {
    const link = useNode((state) => state.link);
    const wires = useSpectrum((settings) => settings.wires);
    const size = useSpectrum((settings) => settings.size);
    const note = useNoLevels();
    const readOuts = useRef(new Map<string, HTMLElement>());
    const all = useMemo(() => metersOf(link), [link]);
    const shown = useMemo(() => wires.flatMap((wire): (ShownWire & { wire: SpectrumPoint })[] => {
        const label = wireLabel(wire, all);
        const name = wireName(wire);
        return label === undefined ? [] : [{ wire, name, label, colour: spectra.colour(name) }];
    }), [wires, all]);
    const names = shown.map((each) => each.name).join("|");
    const points = useRef<SpectrumPoint[]>([]);
    points.current = shown.map((each) => each.wire);

    useEffect(() => {
        spectra.keep(names === "" ? [] : names.split("|"));
        if (names === "") return undefined;
        return node.subscribeSpectrum(points.current, updateMs, (event) => {
            spectra.update(event, spectrum.getState().averaging, performance.now());
        }, size);
    }, [names, size]);

    const mark = (name: string) => (element: HTMLElement | null) => {
        if (element) readOuts.current.set(name, element);
        else readOuts.current.delete(name);
    };

    return (
        <>
            <SpectrumToolbar all={all} wires={shown} note={note} />
            {shown.length === 0
                ? (
                    <div className="empty">
                        <strong>No wire is shown</strong>
                        <p>Press “Wires…” above, or select a module in the signal flow and press Shift S.</p>
                    </div>
                )
                : (
                    <>
                        <ul className="spectrum-legend" aria-label="Curves">
                            {shown.map(({ wire, name, label, colour }) => (
                                <li key={name}>
                                    <span className="swatch" style={{ background: `var(${colour})` }} />
                                    <span className="label">{label}</span>
                                    <span className="level" ref={mark(name)} />
                                    <IconButton
                                        label={`No longer show ${label}`} icon="close"
                                        onClick={() => spectrum.set(wire, false)}
                                    />
                                </li>
                            ))}
                            <li className="cursor" ref={mark("")} />
                        </ul>
                        <SpectrumView wires={shown} readOuts={readOuts} />
                    </>
                )}
        </>
    );
}
