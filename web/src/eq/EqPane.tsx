// The pane of the equaliser that is selected.
import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../controls/Button";
import type { MenuItem } from "../controls/Menu";
import { Lazy } from "../extensions/Lazy";
import { chainInside } from "../flow/chain/model";
import { notify } from "../frame/notices";
import { registerKeys, ui, useUI } from "../frame/ui";
import { useSelected } from "../node/select";
import { useNode } from "../node/store";
import { defaultBand, eqModuleType, noBandFree } from "./bands";
import { BandTable } from "./BandTable";
import { copied } from "./clipboard";
import { EqGraphView } from "./EqGraphView";
import { ChannelBar, ViewBar } from "./EqToolbar";
import { ImportDialog } from "./ImportDialog";
import { EqActions } from "./actions";
import { Spectra } from "./spectra";
import { SteepDialog } from "./SteepDialog";
import { useChannelCount, useEqModel, useUsedBands } from "./useEq";
import "./eq.css";

/** Curve and bands of the selected equaliser; of the chain's only one when none is selected. */
export function EqPane(): JSX.Element {
    const { selection, path } = useUI((state) => ({ selection: state.selection, path: state.path }));
    const link = useNode((state) => state.link);
    const equalisers = (chainInside(link, path)?.nodes ?? []).filter((one) => one.moduleType === eqModuleType);
    const chosen = equalisers.find((one) => selection.includes(one.instanceId)) ??
        (equalisers.length === 1 ? equalisers[0] : undefined);
    if (!chosen) return <NoEqualiser names={equalisers.map((one) => ({ id: one.instanceId, name: one.name }))} />;
    const instance = [...path, chosen.instanceId].join(".");
    return (
        <div className="eq-pane">
            <header className="eq-head">
                {equalisers.length > 1 ? (
                    <select
                        aria-label="Equaliser"
                        value={chosen.instanceId}
                        onChange={(event) => ui.select([event.target.value])}
                    >
                        {equalisers.map((one) => (
                            <option key={one.instanceId} value={one.instanceId}>{titleOf(one.instanceId, one.name)}</option>
                        ))}
                    </select>
                ) : <strong>{titleOf(chosen.instanceId, chosen.name)}</strong>}
                {!chosen.enabled && <span className="dim">bypassed</span>}
            </header>
            <Editor key={instance} instance={instance} />
        </div>
    );
}

function titleOf(id: string, name: string | undefined): string {
    return name ? `${name} (${id})` : id;
}

function NoEqualiser({ names }: { names: { id: string; name: string | undefined }[] }): JSX.Element {
    return (
        <div className="empty">
            <strong>{names.length === 0 ? "There is no equaliser here." : "No equaliser is selected."}</strong>
            <p>
                {names.length === 0
                    ? "Add an Equaliser from the library, or enter the sub-graph that has one."
                    : "Select one in the signal flow, or here:"}
            </p>
            {names.map(({ id, name }) => <Button key={id} onClick={() => ui.select([id])}>{titleOf(id, name)}</Button>)}
        </div>
    );
}

type OpenDialog = "import" | "steep" | "auto" | null;

function Editor({ instance }: { instance: string }): JSX.Element {
    const model = useEqModel(instance);
    const channels = useChannelCount(model);
    const [wanted, setWanted] = useState(0);
    const channel = Math.max(0, Math.min(wanted, channels - 1));
    const [selected, setSelected] = useState<number | undefined>(undefined);
    const [dialog, setDialog] = useState<OpenDialog>(null);
    const spectra = useRef(new Spectra());
    const clipboard = useSelected(copied, (state) => state);
    const used = useUsedBands(model, channel);
    const auto = useNode((state) => state.extensions.find((one) => one.panel === "auto_eq"));
    const actions = useMemo(() => new EqActions(model, channel, notify), [model, channel]);

    const add = (): void => {
        const place = model.add(channel, { ...defaultBand, q: 1 });
        if (place === undefined) notify("error", noBandFree);
        else setSelected(place);
    };
    const own = selected !== undefined && used.includes(selected) ? selected : undefined;
    useEffect(() => registerKeys("eq", {
        "ctrl+c": { title: "Copy the selected band, or all bands", run: () => actions.copy(own) },
        "ctrl+v": { title: "Paste bands", run: () => actions.paste() },
        "ctrl+i": { title: "Import filters", run: () => setDialog("import") },
    }), [actions, own]);

    if (channels === 0) {
        return <div className="empty"><p>The node has not told this equaliser's values yet.</p></div>;
    }
    const isEmpty = used.length === 0;
    const items: MenuItem[] = [
        { title: "Import…", icon: "upload", keys: "Ctrl I", run: () => setDialog("import") },
        { title: "Steep filter…", icon: "add", run: () => setDialog("steep") },
        { title: "Export: REW", icon: "download", separated: true, disabled: isEmpty, run: () => actions.exportRew() },
        { title: "Export: Equalizer APO", icon: "download", run: () => actions.exportApo() },
        { title: "Export: bands (CSV)", icon: "download", run: () => actions.exportBands() },
        { title: "Export: curve (CSV)", icon: "download", run: () => actions.exportCurve() },
        {
            title: own === undefined ? "Copy all bands" : `Copy band ${own + 1}`,
            icon: "copy", keys: "Ctrl C", separated: true, disabled: isEmpty, run: () => actions.copy(own),
        },
        ...(own === undefined ? [] : [{ title: "Copy all bands", run: () => actions.copy(undefined) }]),
        {
            title: clipboard?.isWhole === false ? "Paste band" : "Paste bands",
            keys: "Ctrl V", disabled: clipboard === null, run: () => actions.paste(),
        },
        { title: "Sort by frequency", separated: true, disabled: used.length < 2, run: () => actions.sort() },
        { title: "Reset channel", icon: "trash", danger: true, disabled: isEmpty, run: () => actions.reset() },
    ];
    return (
        <>
            <ChannelBar model={model} channel={channel} channels={channels} onChannel={setWanted} actions={items} onAdd={add}>
                {auto && (
                    <Button
                        disabled={auto.state !== "ready"}
                        title={auto.state === "ready" ? auto.description : `${auto.name} is ${auto.state}: ${auto.message ?? "wait"}`}
                        onClick={() => setDialog("auto")}
                    >
                        Auto EQ…
                    </Button>
                )}
            </ChannelBar>
            <EqGraphView model={model} channel={channel} selected={own} onSelect={setSelected} spectra={spectra} />
            <ViewBar spectra={spectra} />
            <BandTable model={model} channel={channel} selected={own} onSelect={setSelected} onAdd={add} />
            {dialog === "import" && (
                <ImportDialog model={model} channel={channel} channels={channels} onClose={() => setDialog(null)} />
            )}
            {dialog === "steep" && <SteepDialog model={model} channel={channel} onClose={() => setDialog(null)} />}
            {dialog === "auto" && auto && (
                <Lazy
                    panel="AutoEqDialog" model={model} channel={channel} channels={channels} extension={auto}
                    onClose={() => setDialog(null)}
                />
            )}
        </>
    );
}
