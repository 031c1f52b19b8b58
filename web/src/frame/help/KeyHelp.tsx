// All keys, by where they act.
import { useState, useSyncExternalStore } from "react";
import { Button } from "../../controls/Button";
import { Dialog } from "../../controls/Dialog";
import { showDialog, useDialog } from "../dialogs";
import { KeyBinding, keyBindings } from "../keys";
import { tabs } from "../layout";
import { gestures } from "./gestures";
import "./help.css";

const names: Record<string, string> = {
    ctrl: /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘" : "Ctrl", shift: "Shift", alt: "Alt", esc: "Esc", up: "↑",
    down: "↓", left: "←", right: "→", space: "Space", enter: "Enter", delete: "Del", backspace: "Backspace", tab: "Tab",
    pageup: "Page Up", pagedown: "Page Down", home: "Home", end: "End",
};

const scopeTitles: Record<string, string> = {
    global: "Everywhere",
    flow: "Signal flow",
    ...Object.fromEntries(Object.values(tabs).flatMap((side) => side.map((tab) => [tab.id, tab.title]))),
};

/** The keys of "ctrl+shift+z", one by one. */
function parts(key: string): string[] {
    const split = key === "+" || key.endsWith("++") ? [...key.slice(0, -1).split("+").filter((part) => part !== ""), "+"] : key.split("+");
    return split.map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part.replace(/^f\d+$/, (f) => f.toUpperCase())));
}

interface Row {
    title: string;
    keys: string[];
}

/** Keys that do the same stand in one row. */
function rows(bindings: KeyBinding[]): Row[] {
    const all: Row[] = [];
    for (const binding of bindings) {
        if (binding.title === "") continue;
        const row = all.find((candidate) => candidate.title === binding.title);
        if (row === undefined) all.push({ title: binding.title, keys: [binding.key] });
        else if (!row.keys.includes(binding.key)) row.keys.push(binding.key);
    }
    return all;
}

export function KeyHelp(): JSX.Element | null {
    return useDialog() === "keys" ? <KeyDialog /> : null;
}

function KeyDialog(): JSX.Element {
    const bindings = useSyncExternalStore(keyBindings.subscribe, keyBindings.get);
    const [wanted, setWanted] = useState("");
    const words = wanted.toLowerCase();
    const scopes = [...new Set(["global", ...bindings.map((binding) => binding.scope)])];
    const groups = [
        ...scopes.map((scope) => ({
            title: scopeTitles[scope] ?? scope,
            rows: rows(bindings.filter((binding) => binding.scope === scope)).map((row) => ({
                title: row.title, keys: row.keys.map(parts),
            })),
        })),
        ...gestures.map((group) => ({
            title: group.title, rows: group.rows.map((row) => ({ title: row.title, keys: [[row.gesture]] })),
        })),
    ].map((group) => ({
        ...group,
        rows: group.rows.filter((row) => `${group.title} ${row.title} ${row.keys.flat().join(" ")}`.toLowerCase().includes(words)),
    })).filter((group) => group.rows.length > 0);
    return (
        <Dialog
            title="Keys and gestures"
            width={760}
            onClose={() => showDialog(null)}
            actions={<Button icon="tour" onClick={() => showDialog("tour")}>Start the tour</Button>}
        >
            <input
                type="search" placeholder="Search keys and gestures" aria-label="Search keys and gestures" data-autofocus=""
                value={wanted} onChange={(event) => setWanted(event.currentTarget.value)}
            />
            <div className="key-groups">
                {groups.map((group) => (
                    <section key={group.title}>
                        <h3>{group.title}</h3>
                        <dl>
                            {group.rows.map((row) => (
                                <div key={row.title}>
                                    <dt>{row.title}</dt>
                                    <dd>
                                        {row.keys.map((key) => (
                                            <span key={key.join()}>{key.map((part) => <kbd key={part}>{part}</kbd>)}</span>
                                        ))}
                                    </dd>
                                </div>
                            ))}
                        </dl>
                    </section>
                ))}
                {groups.length === 0 && <p className="dim">Nothing is called “{wanted}”.</p>}
            </div>
        </Dialog>
    );
}
