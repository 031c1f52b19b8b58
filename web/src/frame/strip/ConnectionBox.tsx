// Whether there is a node, and which.
import { FormEvent, useEffect, useState } from "react";
import { Button } from "../../controls/Button";
import { Dialog } from "../../controls/Dialog";
import { Lazy } from "../../extensions/Lazy";
import { node, useNode } from "../../node/store";
import { showDialog, useDialog } from "../dialogs";
import { notify } from "../notices";

const titles = { connecting: "Connecting…", open: "Connected", lost: "Disconnected", refused: "No access" };

export function ConnectionBox(): JSX.Element {
    const connection = useNode((state) => state.connection);
    const isShown = useDialog() === "connection";
    return (
        <>
            <button
                type="button"
                className={`connection ${connection}`}
                aria-label={`${titles[connection]}: ${location.host}. Details`}
                title={`${titles[connection]}: ${location.host}`}
                onClick={() => showDialog("connection")}
            >
                <img src="icon.svg" alt="" width="22" height="22" />
                <span>
                    <b>Soundpost</b>
                    <small><i className="dot" aria-hidden="true" />{titles[connection]}</small>
                </span>
            </button>
            {isShown && <ConnectionDialog />}
        </>
    );
}

function ConnectionDialog(): JSX.Element {
    const state = useNode((all) => ({
        connection: all.connection, version: all.version, clientName: all.clientName, missing: all.missing,
        device: all.engine?.deviceName ?? "", memory: all.engine?.memoryMB ?? 0, cpu: all.engine?.cpuPercent ?? 0,
        dropped: all.engine?.droppedFrames ?? 0, cores: all.cores.count, hasExtensions: all.extensions.length > 0,
    }));
    const [name, setName] = useState(state.clientName);
    useEffect(() => setName(state.clientName), [state.clientName]);
    const rename = async (event: FormEvent): Promise<void> => {
        event.preventDefault();
        if (name === state.clientName) return;
        if (await node.rename(name)) notify("info", `The history knows this page as ${name} from now on.`);
        else notify("error", "A name has letters, digits and _ . # -, does not begin with ws-, and no other page here has it.");
    };
    return (
        <Dialog title="Node" width={440} onClose={() => showDialog(null)}>
            <dl className="details">
                <dt>Address</dt><dd>{location.host}</dd>
                <dt>State</dt><dd>{titles[state.connection]}</dd>
                <dt>Version</dt><dd>{state.version === "" ? "unknown" : state.version}</dd>
                <dt>Output device</dt><dd>{state.device === "" ? "none" : state.device}</dd>
                <dt>Cores</dt><dd>{state.cores}</dd>
                <dt>Process</dt><dd>{state.cpu.toFixed(0)} % of a processor, {state.memory.toFixed(0)} MB</dd>
                <dt>Dropped frames</dt><dd>{state.dropped}</dd>
            </dl>
            <form className="rename" onSubmit={(event) => void rename(event)}>
                <label>
                    This page's name in the history
                    <input
                        type="text" value={name} maxLength={64} autoComplete="off" spellCheck={false}
                        onChange={(event) => setName(event.currentTarget.value)}
                    />
                </label>
                <Button type="submit" disabled={name === state.clientName || state.connection !== "open"}>Rename</Button>
            </form>
            <p className="dim">
                Undo takes back what was done under this name. The page keeps it over a reload; another name has a history of
                its own.
            </p>
            {state.hasExtensions && <Lazy panel="ExtensionList" />}
            {state.missing.length > 0 && (
                <p className="dim">This node is older than the page and does not know: {state.missing.join(", ")}.</p>
            )}
            <p><a href="/docs" target="_blank" rel="noreferrer">Every message and path of this node</a></p>
        </Dialog>
    );
}
