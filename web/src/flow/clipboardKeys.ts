import { deleteModules, duplicate, fragmentOf, paste, selectedModules } from "./actions";
import { readFragment } from "./chain/clipboard";
import type { Fragment } from "./chain/clipboard";
import { listed } from "./naming";
import { notify } from "../frame/ui";
import { mayEdit } from "./working";

/** What was copied last on this page: browsers that keep the clipboard from pages without TLS leave us this. */
let copied: Fragment | null = null;
/** How often it was pasted, so that copies do not hide each other. */
let pasted = 0;

function isOurs(pane: HTMLElement): boolean {
    const active = document.activeElement;
    if (active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement) return false;
    return active === null || active === document.body || pane.contains(active);
}

function take(): string | null {
    const ids = selectedModules();
    const fragment = fragmentOf(ids);
    if (!fragment) return null;
    copied = fragment;
    pasted = 0;
    notify("info", `Copied ${listed(ids)} with ${ids.length === 1 ? "its" : "their"} values.`);
    return JSON.stringify(fragment);
}

/** Copies the modules selected. */
export function copySelected(): void {
    const text = take();
    // Refused without TLS or by the user; within this page the copy is there all the same.
    if (text !== null) navigator.clipboard?.writeText(text).catch(() => undefined);
}

/** Pastes what was copied last on this page. */
export function pasteCopied(): void {
    if (copied) pasteFragment(copied);
    else notify("info", "Nothing has been copied. Select modules and press Ctrl+C.");
}

export function canPaste(): boolean {
    return copied !== null;
}

function pasteFragment(fragment: Fragment): void {
    if (!mayEdit()) return;
    pasted += 1;
    paste(fragment, { x: 40 * pasted, y: 60 * pasted });
}

/** Listens to the browser's copy, cut and paste while the flow has the focus. Returns how to stop. */
export function startClipboard(pane: HTMLElement): () => void {
    const hasTaken = (event: ClipboardEvent): boolean => {
        const text = take();
        if (text === null) return false;
        event.clipboardData?.setData("text/plain", text);
        event.preventDefault();
        return true;
    };
    // Text that is selected on the page is what the browser copies.
    const isMeant = () => isOurs(pane) && selectedModules().length > 0 && String(getSelection() ?? "") === "";
    const copy = (event: ClipboardEvent) => {
        if (isMeant()) hasTaken(event);
    };
    const cut = (event: ClipboardEvent) => {
        if (isMeant() && mayEdit() && hasTaken(event)) deleteModules(selectedModules(), true);
    };
    const put = (event: ClipboardEvent) => {
        if (!isOurs(pane)) return;
        const text = event.clipboardData?.getData("text/plain") ?? "";
        const fragment = readFragment(text) ?? (text === "" ? copied : null);
        if (!fragment) return;
        if (JSON.stringify(fragment) !== JSON.stringify(copied)) {
            copied = fragment;
            pasted = 0;
        }
        event.preventDefault();
        pasteFragment(fragment);
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", cut);
    document.addEventListener("paste", put);
    return () => {
        document.removeEventListener("copy", copy);
        document.removeEventListener("cut", cut);
        document.removeEventListener("paste", put);
    };
}

/** Duplicates the modules selected, beside them. */
export function duplicateSelected(): void {
    duplicate(selectedModules());
}
