// The node's working mode.
import { useState } from "react";
import { node, useNode } from "../../node/store";

const modes = [
    { id: "chain_builder", title: "Build", says: "The chain and every value can be changed." },
    { id: "tuning", title: "Tune", says: "Values can be changed; the chain and system values stay." },
    { id: "test_verify", title: "Test", says: "For measurements: the chain stays." },
    { id: "legacy", title: "Legacy", says: "For legacy devices: the simulation stops." },
];

export function ModeChoice(): JSX.Element {
    const mode = useNode((state) => state.mode);
    const [isBusy, setBusy] = useState(false);
    const choose = async (next: string): Promise<void> => {
        setBusy(true);
        await node.ask({ type: "set_mode", mode: next });
        setBusy(false);
    };
    const known = modes.find((candidate) => candidate.id === mode);
    return (
        <label className="strip-mode" title={known?.says}>
            <span className="strip-label">Mode</span>
            <select
                value={mode}
                disabled={isBusy || mode === ""}
                onChange={(event) => void choose(event.currentTarget.value)}
            >
                {known === undefined && <option value={mode}>{mode === "" ? "–" : mode}</option>}
                {modes.map((entry) => (
                    <option key={entry.id} value={entry.id} title={entry.says}>{entry.title}</option>
                ))}
            </select>
        </label>
    );
}
