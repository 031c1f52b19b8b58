import { useEffect, useMemo, useState } from "react";
import { onFrame } from "../frame/loop";
import { useNode } from "../node/store";
import { MeterCanvas } from "./MeterCanvas";
import { MeterTable } from "./MeterTable";
import { MeterToolbar } from "./MeterToolbar";
import { metersOf } from "./sources";
import { bank, meters, showLevels, useMeters } from "./state";
import "./meters.css";

/** Levels of whatever is chosen in the chain. */
export function MetersPane(): JSX.Element {
    const link = useNode((state) => state.link);
    const chosen = useMeters((settings) => settings.sources);
    const isTable = useMeters((settings) => settings.isTable);
    const note = useNoLevels();
    const [clips, setClips] = useState(bank.clipCount);
    const all = useMemo(() => metersOf(link), [link]);
    const shown = useMemo(
        () => chosen.flatMap((id) => all.filter((source) => source.id === id)),
        [chosen, all],
    );

    useEffect(showLevels, []);
    useEffect(() => onFrame((now) => {
        bank.advance(now, meters.getState());
        setClips(bank.clipCount);
    }), []);

    return (
        <>
            <MeterToolbar all={all} clips={clips} note={note} />
            {shown.length === 0
                ? (
                    <div className="empty">
                        <strong>Nothing is metered</strong>
                        <p>Press “Choose…” above, or select a module in the signal flow and press Shift M.</p>
                    </div>
                )
                : isTable ? <MeterTable sources={shown} /> : <MeterCanvas sources={shown} />}
        </>
    );
}

/** Why there are no levels now; null while there are. */
export function useNoLevels(): string | null {
    return useNode((state) => {
        if (state.connection !== "open") return "Not connected: no levels";
        if (state.engine && !state.engine.isRunning) return "The engine is stopped: start it under Source & listen";
        return null;
    });
}
