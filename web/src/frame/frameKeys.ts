// The keys that work everywhere on the page.
import { node } from "../node/store";
import { showDialog } from "./dialogs";
import type { KeyAction } from "./keys";
import { panic, toggleOutput } from "./strip/output";
import { ui } from "./ui";

/** The panes in the order in which F6 goes through them. */
const rounds = ["#side-left", ".centre", "#side-right", "#side-bottom", ".strip"];
const focusable = "[role=tab][aria-selected=true], button:not(:disabled), input:not(:disabled), [tabindex='0']";

function nextPane(step: number): void {
    const places = rounds.flatMap((selector) => {
        const element = document.querySelector<HTMLElement>(selector);
        return element === null ? [] : [element];
    });
    const present = places.findIndex((place) => place.contains(document.activeElement));
    const from = present < 0 && step < 0 ? 0 : present;
    for (let count = 1; count <= places.length; count += 1) {
        const place = places[(from + step * count + places.length * 2) % places.length];
        // In the signal flow the modules are what one comes for, not its tools.
        const target = place.querySelector<HTMLElement>(".flow-module[tabindex='0']")
            ?? place.querySelector<HTMLElement>(focusable);
        if (target === null) continue;
        target.focus();
        return;
    }
}

export function frameKeys(): Record<string, KeyAction> {
    return {
        "esc": { title: "Panic: silence at once", run: () => void panic(true) },
        "shift+esc": { title: "Panic, whatever is open", run: () => void panic(true) },
        "ctrl+z": { title: "Undo", run: () => void node.undo(), repeats: true },
        "ctrl+shift+z": { title: "Redo", run: () => void node.redo(), repeats: true },
        "ctrl+y": { title: "Redo", run: () => void node.redo(), repeats: true },
        "m": { title: "Mute the output", run: () => void toggleOutput("muted") },
        "shift+d": { title: "Dim the output", run: () => void toggleOutput("dimmed") },
        "shift+b": { title: "Bypass the whole chain", run: () => void toggleOutput("bypassed") },
        "?": { title: "All keys", run: () => showDialog("keys") },
        "f1": { title: "All keys", run: () => showDialog("keys") },
        "f6": { title: "To the next pane", run: () => nextPane(1) },
        "shift+f6": { title: "To the pane before", run: () => nextPane(-1) },
        "alt+1": { title: "Show or hide the left side", run: () => ui.toggle("left") },
        "alt+2": { title: "Show or hide the bottom", run: () => ui.toggle("bottom") },
        "alt+3": { title: "Show or hide the right side", run: () => ui.toggle("right") },
    };
}
