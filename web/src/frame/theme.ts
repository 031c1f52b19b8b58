// Dark, light or the system's colours. Style sheets use the custom properties; canvases ask `themeColour`.
import { readStored, writeStored } from "./storage";

export type Theme = "dark" | "light" | "system";

const key = "soundpost.theme";
const colours = new Map<string, string>();
const listeners = new Set<() => void>();
let chosen: Theme = "system";

function isTheme(value: unknown): value is Theme {
    return value === "dark" || value === "light" || value === "system";
}

function systemIsLight(): boolean {
    return typeof matchMedia === "function" && matchMedia("(prefers-color-scheme: light)").matches;
}

function show(): void {
    const shown = chosen === "system" ? (systemIsLight() ? "light" : "dark") : chosen;
    document.documentElement.dataset.theme = shown;
    colours.clear();
    for (const listener of [...listeners]) listener();
}

/** Takes up the remembered theme and follows the system's. Call once, before the first picture. */
export function startTheme(): Theme {
    const stored = readStored(key);
    chosen = isTheme(stored) ? stored : "system";
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => {
        if (chosen === "system") show();
    });
    show();
    return chosen;
}

/** Shows and remembers a theme. */
export function setTheme(theme: Theme): void {
    chosen = theme;
    writeStored(key, theme);
    show();
}

/** The theme chosen: not what "system" comes to. */
export function theme(): Theme {
    return chosen;
}

/** Calls `listener` after the colours have changed: canvases that are not drawn all the time draw again. */
export function onTheme(listener: () => void): () => void {
    listeners.add(listener);
    return () => {
        listeners.delete(listener);
    };
}

/** The colour in force of a custom property such as "--signal"; kept until the theme changes, so cheap in a frame. */
export function themeColour(name: string): string {
    let colour = colours.get(name);
    if (colour === undefined) {
        colour = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
        colours.set(name, colour);
    }
    return colour;
}
