// Times as a reader wants them.

/** "14:03:22", in the reader's own time zone. */
export function clockText(time: number): string {
    return new Date(time).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

/** "8 s", "2 min 5 s", "3 h 12 min". */
export function durationText(ms: number): string {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "today", "yesterday" or a date, of `time` seen at `now`. */
export function dayText(time: number, now: number): string {
    const day = (value: number): number => new Date(value).setHours(0, 0, 0, 0);
    const days = Math.round((day(now) - day(time)) / 86_400_000);
    if (days === 0) return "Today";
    if (days === 1) return "Yesterday";
    return new Date(time).toLocaleDateString(undefined, { day: "numeric", month: "long", year: "numeric" });
}
