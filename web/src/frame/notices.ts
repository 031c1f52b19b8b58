// Short messages to the user: shown for a while, read out by screen readers.
import { Observable } from "../node/select";

export interface Notice {
    id: number;
    kind: "info" | "error";
    text: string;
    /** how often the same was said while it was shown */
    count: number;
}

/** How long a notice stays, ms. Errors stay longer: they have to be read. */
const times = { info: 5000, error: 12000 };
const most = 4;

export const notices = new Observable<Notice[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let lastID = 0;

function keep(notice: Notice): void {
    clearTimeout(timers.get(notice.id));
    timers.set(notice.id, setTimeout(() => dismiss(notice.id), times[notice.kind]));
}

/** Takes a notice away. */
export function dismiss(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
    notices.set(notices.get().filter((notice) => notice.id !== id));
}

/** Keeps a notice while somebody points at it. */
export function hold(id: number, isHeld: boolean): void {
    const notice = notices.get().find((candidate) => candidate.id === id);
    if (notice === undefined) return;
    if (isHeld) clearTimeout(timers.get(id));
    else keep(notice);
}

/** Says something. The same text again is counted, not repeated. */
export function notify(kind: "info" | "error", text: string): void {
    const same = notices.get().find((notice) => notice.text === text && notice.kind === kind);
    if (same !== undefined) {
        const again = { ...same, count: same.count + 1 };
        notices.set(notices.get().map((notice) => (notice.id === same.id ? again : notice)));
        keep(again);
        return;
    }
    lastID += 1;
    const notice: Notice = { id: lastID, kind, text, count: 1 };
    for (const old of notices.get().slice(0, Math.max(0, notices.get().length + 1 - most))) dismiss(old.id);
    notices.set([...notices.get(), notice]);
    keep(notice);
}
