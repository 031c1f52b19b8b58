/** A time as a player shows it: "0:07", "3:05", "1:02:09". Milliseconds in; `tenths` adds ".4". */
export function timeText(ms: number, tenths = false): string {
    const unit = tenths ? 100 : 1000;
    const whole = Math.max(0, Math.floor(ms / unit + 1e-6));
    const seconds = Math.floor(whole / (1000 / unit));
    const rest = tenths ? `.${whole % 10}` : "";
    const two = (value: number) => String(value).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
    return `${head}:${two(seconds % 60)}${rest}`;
}

const withUnits = /^(?:(\d+(?:\.\d+)?)\s*h)?\s*(?:(\d+(?:\.\d+)?)\s*m(?:in)?)?\s*(?:(\d+(?:\.\d+)?)\s*s(?:ec)?)?$/;

/** Milliseconds of a typed time: "1:23", "83", "1:02:09.5", "2m", "90 s", "1m30s"; undefined when it is none. */
export function parseTime(text: string): number | undefined {
    const plain = text.trim().toLowerCase().replace(",", ".");
    const clock = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)$/.exec(plain);
    if (clock) {
        const [, hours, minutes, seconds] = clock;
        if (minutes !== undefined && Number(seconds) >= 60) return undefined;
        if (hours !== undefined && Number(minutes) >= 60) return undefined;
        return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds)) * 1000;
    }
    const units = withUnits.exec(plain);
    if (!units || plain === "") return undefined;
    const [, hours, minutes, seconds] = units;
    return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
}

/** A size in bytes as it is shown: "812 kB", "7.7 MB". */
export function bytesText(bytes: number): string {
    if (bytes < 1000) return `${bytes} B`;
    if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
    if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
    return `${(bytes / 1_000_000_000).toFixed(2)} GB`;
}

/** A sample rate as it is shown: "48 kHz", "44.1 kHz". */
export function rateText(hertz: number): string {
    return `${Number((hertz / 1000).toFixed(3))} kHz`;
}
