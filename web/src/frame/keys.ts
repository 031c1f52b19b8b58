// One list of all keys: what they do, where, and what the key help says of them.
import { Observable } from "../node/select";

/**
 * What a key does. Returning false means "not mine": the next handler of the same key is asked.
 *
 * Give `title` so that the key help can say it; an action without a title works, but is not listed. `repeats`: a key
 * that is held does it again and again, as arrows do; else it acts once until it is let go.
 */
export type KeyAction = (() => void | boolean) | { title: string; run: () => void | boolean; repeats?: boolean };

export interface KeyBinding {
    scope: string;
    key: string;
    title: string;
    run: () => void | boolean;
    repeats: boolean;
}

const bindings = new Observable<KeyBinding[]>([]);
const escapes: (() => void)[] = [];

/** All keys there are. */
export const keyBindings = bindings;

const names: Record<string, string> = {
    escape: "esc", " ": "space", arrowleft: "left", arrowright: "right", arrowup: "up", arrowdown: "down",
    pageup: "pageup", pagedown: "pagedown", del: "delete",
};

/** The one form of a key's name: modifiers in the order ctrl, alt, shift, then the key in lower case. */
export function canonicalKey(text: string): string {
    const parts = text.toLowerCase().split("+");
    // "+" itself is a key.
    const key = text.endsWith("+") ? "+" : parts[parts.length - 1];
    const held = ["ctrl", "alt", "shift"].filter((modifier) => parts.slice(0, -1).includes(modifier));
    return [...held, names[key] ?? key].join("+");
}

/**
 * The names that an event goes by. Characters that need Shift on some keyboards ("?") match without it too. An event of
 * a browser that fills in a form has none.
 */
export function keysOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string[] {
    const key = (event.key as string | undefined)?.toLowerCase();
    if (key === undefined) return [];
    const name = names[key] ?? key;
    const held = [event.ctrlKey || event.metaKey ? "ctrl" : "", event.altKey ? "alt" : ""].filter((part) => part !== "");
    const exact = [...held, ...(event.shiftKey ? ["shift"] : []), name].join("+");
    const isSymbol = name.length === 1 && name.toLowerCase() === name.toUpperCase() && !/\d/.test(name);
    return event.shiftKey && isSymbol ? [exact, [...held, name].join("+")] : [exact];
}

/**
 * Makes keys known until the returned function is called.
 *
 * `scope` is "global" or a pane's id ("flow", "eq"…): such keys act while the focus is in the element marked
 * `data-keys="SCOPE"` (the page marks every pane), or nowhere. Keys are written "ctrl+z", "shift+a", "esc", "space",
 * "left", "delete", "?"; ctrl stands for Command too. Keys without ctrl or alt do not act while text is typed.
 * "esc" belongs to panic: return false from an action that has nothing to end, or use `onEscape`.
 */
export function registerKeys(scope: string, keys: Record<string, KeyAction>): () => void {
    const own = Object.entries(keys).map(([key, action]): KeyBinding => {
        const parts = typeof action === "function" ? { title: "", run: action, repeats: false } : action;
        return { scope, key: canonicalKey(key), title: parts.title, run: parts.run, repeats: parts.repeats ?? false };
    });
    bindings.set([...bindings.get(), ...own]);
    return () => bindings.set(bindings.get().filter((binding) => !own.includes(binding)));
}

/** Puts something on top of what Esc closes, until the returned function is called: a dialog, a menu, a gesture. */
export function onEscape(close: () => void): () => void {
    escapes.push(close);
    return () => {
        const index = escapes.lastIndexOf(close);
        if (index >= 0) escapes.splice(index, 1);
    };
}

function isEditable(target: EventTarget | null): boolean {
    if (!(target instanceof HTMLElement)) return false;
    if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
    if (target instanceof HTMLSelectElement) return true;
    return target instanceof HTMLInputElement && !["checkbox", "radio", "range", "button", "file"].includes(target.type);
}

/** Whether a field has nothing typed in it that is not in force yet: then undo means the page's, not the field's. */
function isSettled(target: EventTarget | null): boolean {
    return target instanceof HTMLInputElement && target.getAttribute("role") === "spinbutton"
        && target.dataset.typing === undefined;
}

/** Keys that a focused control uses itself. */
function isControlKey(target: EventTarget | null, name: string): boolean {
    if (!(target instanceof HTMLElement)) return false;
    if (name === "space" || name === "enter") {
        return target.closest("button, a[href], summary, [role=button], [role=option], [role=tab], [role=checkbox]") !== null
            || target instanceof HTMLInputElement;
    }
    return target instanceof HTMLInputElement && target.type === "range" && !/^[a-z?/]$/.test(name);
}

function scopesOf(target: EventTarget | null): { has: (scope: string) => boolean } {
    if (!(target instanceof HTMLElement) || target === document.body) return { has: () => true };
    const within = new Set<string>(["global"]);
    for (let element: HTMLElement | null = target; element !== null; element = element.parentElement) {
        if (element.dataset.keys !== undefined) within.add(element.dataset.keys);
    }
    return within;
}

function dispatch(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const keys = keysOf(event);
    if (keys.length === 0) return;
    if (keys[0] === "esc") {
        const close = escapes[escapes.length - 1];
        if (close !== undefined) {
            event.preventDefault();
            if (!event.repeat) close();
            return;
        }
        if (isEditable(event.target)) {
            event.preventDefault();
            (event.target as HTMLElement).blur();
            return;
        }
    }
    // A dialog has the keyboard to itself; only what always works goes through.
    const isModal = document.querySelector("[aria-modal=true]") !== null;
    if (isModal && keys[0] !== "shift+esc") return;
    const typesNothing = event.ctrlKey || event.metaKey || keys[0] === "shift+esc" || /^(shift\+)?f\d+$/.test(keys[0]);
    if (isEditable(event.target) && !typesNothing) return;
    if (isEditable(event.target) && ["ctrl+a", "ctrl+c", "ctrl+x", "ctrl+v"].includes(keys[0])) return;
    if (isEditable(event.target) && ["ctrl+z", "ctrl+y"].includes(keys[0]) && !isSettled(event.target)) return;
    if (isControlKey(event.target, keys[0])) return;
    const scopes = scopesOf(event.target);
    const candidates = bindings.get().filter((binding) => keys.includes(binding.key) && scopes.has(binding.scope));
    // A pane's own keys come before those of the whole page, newer ones before older ones.
    candidates.reverse().sort((a, b) => Number(a.scope === "global") - Number(b.scope === "global"));
    for (const binding of candidates) {
        // What acts once keeps a held key from the browser and from others all the same.
        const isHeld = event.repeat && !binding.repeats;
        if (!isHeld && binding.run() === false) continue;
        event.preventDefault();
        return;
    }
}

/** Listens to the keyboard. Call once. */
export function startKeys(): () => void {
    window.addEventListener("keydown", dispatch);
    return () => window.removeEventListener("keydown", dispatch);
}
