// Frequencies, levels and widths in words.

/** "63.0 Hz", "440 Hz", "1.25 kHz". */
export function hertzText(hertz: number): string {
    if (hertz < 99.95) return `${hertz.toFixed(1)} Hz`;
    if (hertz < 999.5) return `${hertz.toFixed(0)} Hz`;
    return `${(hertz / 1000).toFixed(hertz < 9995 ? 2 : 1)} kHz`;
}

/** "+3.0 dB", "0.0 dB", "−4.5 dB". */
export function gainText(db: number): string {
    const rounded = Math.abs(db) < 0.05 ? 0 : db;
    const sign = rounded > 0 ? "+" : rounded < 0 ? "\u2212" : "";
    return `${sign}${Math.abs(rounded).toFixed(1)} dB`;
}

/** "Q 0.71", "Q 12.5". */
export function qText(q: number): string {
    return `Q ${q < 10 ? q.toFixed(2) : q.toFixed(1)}`;
}

/** A bandwidth: "1.90 oct". */
export function octavesText(octaves: number): string {
    return octaves < 0.1 ? octaves.toFixed(3) : octaves.toFixed(2);
}
