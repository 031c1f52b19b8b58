// The name under which the node keeps this page's changes: undo survives a reload and a new visit.
import { readStored, writeStored } from "../frame/storage";

const key = "soundpost.client";
/** How long the page that was here before may take to give its name free, ms. */
const patience = 400;
/** Names that the browser remembers. */
const most = 16;

/** What the node takes for a name: 1 to 64 letters, digits and _ . # -; "ws-" is its own. */
export function isClientName(text: unknown): text is string {
    return typeof text === "string" && /^[A-Za-z0-9_.#-]{1,64}$/.test(text) && !text.startsWith("ws-");
}

function freshName(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(3));
    return `page-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function knownNames(): string[] {
    const stored = readStored(key);
    return Array.isArray(stored) ? stored.filter(isClientName) : [];
}

function remember(name: string): void {
    writeStored(key, name, "session");
    writeStored(key, [name, ...knownNames().filter((known) => known !== name)].slice(0, most));
}

/** The name that this page holds, and how it is given free. */
let held: { name: string; release: () => void } | null = null;

/**
 * Holds a name in place of the one held before, until another is taken or the page is left; false when another page of
 * this browser has it.
 */
function claim(name: string, wait: number): Promise<boolean> {
    if (held?.name === name) return Promise.resolve(true);
    return new Promise((resolve) => {
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), wait);
        const hold = (): Promise<void> => {
            clearTimeout(timer);
            return new Promise((release) => {
                held?.release();
                held = { name, release };
                resolve(true);
            });
        };
        navigator.locks.request(`soundpost.client.${name}`, { signal: abort.signal }, hold).catch(() => resolve(false));
    });
}

/**
 * The name for this page: the tab's own from before a reload, else one that no open page has, else a new one.
 *
 * Two pages of one name would take back each other's changes. Where the browser cannot keep them apart (locks need a secure
 * context), only a tab's own name is used again.
 */
export async function claimClientName(): Promise<string> {
    const own = readStored(key, "session");
    const canLock = typeof navigator.locks !== "undefined";
    if (isClientName(own) && (!canLock || (await claim(own, patience)))) {
        remember(own);
        return own;
    }
    if (canLock) {
        for (const name of knownNames()) {
            if (name !== own && (await claim(name, 30))) {
                remember(name);
                return name;
            }
        }
    }
    const name = freshName();
    if (canLock) await claim(name, patience);
    remember(name);
    return name;
}

/** Takes another name from the next connection on. */
export async function renameClient(name: string): Promise<boolean> {
    if (!isClientName(name)) return false;
    if (typeof navigator.locks !== "undefined" && !(await claim(name, 30))) return false;
    remember(name);
    return true;
}
