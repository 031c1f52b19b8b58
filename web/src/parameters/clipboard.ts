// Text to and from the clipboard, with or without the browser's leave.

import { readStored, writeStored } from "../frame/storage";

const stored = "soundpost.copied";

/** Copies text; keeps it for this browser's pages too, for where the clipboard cannot be read. */
export async function copyText(text: string): Promise<void> {
    writeStored(stored, text);
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        copyBySelection(text);
    }
}

/** The text in the clipboard, or what a Soundpost page copied last where the browser does not let it be read. */
export async function pastedText(): Promise<string> {
    try {
        const text = await navigator.clipboard.readText();
        if (text !== "") return text;
    } catch {
        // Not allowed, or not on a secure address.
    }
    const kept = readStored(stored);
    return typeof kept === "string" ? kept : "";
}

/** The way without the clipboard's own interface, which plain HTTP addresses do not have. */
function copyBySelection(text: string): void {
    const before = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "copy-area";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    if (before instanceof HTMLElement) before.focus();
}
