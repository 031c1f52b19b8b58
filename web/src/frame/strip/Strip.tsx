// The strip at the side: always there, whatever else is open.
import { useEffect } from "react";
import { IconButton } from "../../controls/Button";
import { Icon } from "../../controls/Icon";
import { MenuButton } from "../../controls/Menu";
import { Toggle } from "../../controls/Toggle";
import { node, useNode } from "../../node/store";
import { showDialog } from "../dialogs";
import { CompareBar } from "../panes";
import { ui, useUI } from "../ui";
import { ConnectionBox } from "./ConnectionBox";
import { EngineBox } from "./EngineBox";
import { MasterFader } from "./MasterFader";
import { ModeChoice } from "./ModeChoice";
import { forgetLevel, panic, toggleOutput } from "./output";
import "./strip.css";

export function Strip(): JSX.Element {
    const isOpen = useNode((state) => state.connection === "open");
    useEffect(() => {
        if (!isOpen) forgetLevel();
    }, [isOpen]);
    const inert = isOpen ? {} : { inert: "" };
    return (
        <aside className="strip" aria-label="Node and output" data-keys="strip">
            <h1 className="hidden-text">Soundpost</h1>
            <ConnectionBox />
            <div className="strip-live" {...inert}>
                <TimeBox />
                <ModeChoice />
                <EngineBox />
                <Output />
            </div>
            <PageBox />
        </aside>
    );
}

function TimeBox(): JSX.Element {
    const { canUndo, canRedo } = useNode((state) => ({ canUndo: state.canUndo, canRedo: state.canRedo }));
    return (
        <div className="strip-row">
            <IconButton label="Undo (Ctrl-Z)" icon="undo" className="boxed" disabled={!canUndo} onClick={() => void node.undo()} />
            <IconButton label="Redo (Ctrl-Shift-Z)" icon="redo" className="boxed" disabled={!canRedo} onClick={() => void node.redo()} />
        </div>
    );
}

function Output(): JSX.Element {
    const output = useNode((state) => state.output);
    const isMissing = useNode((state) => state.missing.includes("get_output"));
    if (isMissing) {
        return (
            <div className="strip-box strip-note">
                <p>This node is older than the page: it has no master level, mute, dim or bypass. Update the node.</p>
                <button type="button" className="button danger panic" onClick={() => void panic(true)}>
                    <Icon name="panic" /> Stop now
                </button>
            </div>
        );
    }
    const isUnknown = output === null;
    const match = output !== null && output.matched && Math.abs(output.matchDb) >= 0.05
        ? `${output.matchDb > 0 ? "+" : "−"}${Math.abs(output.matchDb).toFixed(1)}`
        : undefined;
    return (
        <>
            <MasterFader />
            <div className="strip-pair">
                <Toggle
                    pressed={output?.muted ?? false} disabled={isUnknown} tone="danger" title="Mute the output (M)"
                    onChange={() => void toggleOutput("muted")}
                >
                    Mute
                </Toggle>
                <Toggle
                    pressed={output?.dimmed ?? false} disabled={isUnknown} tone="warn"
                    title={`Lower the output by ${output?.dimDb ?? 20} dB (Shift-D)`}
                    onChange={() => void toggleOutput("dimmed")}
                >
                    Dim
                </Toggle>
                <Toggle
                    pressed={output?.bypassed ?? false} disabled={isUnknown} tone="warn"
                    title="Hear the input instead of the whole chain (Shift-B)"
                    onChange={() => void toggleOutput("bypassed")}
                >
                    Bypass
                </Toggle>
                <Toggle
                    pressed={output?.matched ?? false} disabled={isUnknown}
                    title={`Compare at equal loudness${match === undefined ? "" : `: ${match} dB now`}`}
                    onChange={() => void toggleOutput("matched")}
                >
                    {match === undefined ? "Match" : <span className="match-value">{match} dB</span>}
                </Toggle>
            </div>
            <CompareBar />
            <button
                type="button"
                className={output?.panic === true ? "button danger tone-danger panic on" : "button danger panic"}
                aria-pressed={output?.panic ?? false}
                disabled={isUnknown}
                title="Silence at once (Esc, or Shift-Esc from anywhere). Ends only here."
                onClick={() => void panic(output?.panic !== true)}
            >
                <Icon name="panic" />
                {output?.panic === true ? "Release" : "Panic"}
            </button>
        </>
    );
}

function PageBox(): JSX.Element {
    const panes = useUI((state) => state.panes);
    const theme = useUI((state) => state.theme);
    const icon = theme === "dark" ? "moon" : theme === "light" ? "sun" : "screen";
    return (
        <div className="strip-foot">
            <div className="strip-row">
                <IconButton label="Left side (Alt-1)" icon="paneLeft" aria-pressed={panes.left.open} onClick={() => ui.toggle("left")} />
                <IconButton
                    label="Bottom (Alt-2)" icon="paneBottom" aria-pressed={panes.bottom.open} onClick={() => ui.toggle("bottom")}
                />
                <IconButton label="Right side (Alt-3)" icon="paneRight" aria-pressed={panes.right.open} onClick={() => ui.toggle("right")} />
            </div>
            <div className="strip-row">
                <MenuButton
                    label="Theme"
                    className="icon-button"
                    items={[
                        { title: "Dark", icon: "moon", checked: theme === "dark", run: () => ui.theme("dark") },
                        { title: "Light", icon: "sun", checked: theme === "light", run: () => ui.theme("light") },
                        { title: "As the system", icon: "screen", checked: theme === "system", run: () => ui.theme("system") },
                    ]}
                >
                    <Icon name={icon} />
                </MenuButton>
                <IconButton label="Tour" icon="tour" onClick={() => showDialog("tour")} />
                <IconButton label="All keys (?)" icon="help" onClick={() => showDialog("keys")} />
            </div>
        </div>
    );
}
