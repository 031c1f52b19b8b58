// The master level as text.

/** A level as text: "−6.0", "−∞" for silence. */
export function levelText(levelDb: number): string {
    if (levelDb <= -120) return "−∞";
    const text = Math.abs(levelDb).toFixed(1);
    return levelDb < 0 && text !== "0.0" ? `−${text}` : text;
}

/** A level from what was typed: "-6", "−6 dB", "+3,5", "off"; undefined if it is none. */
export function parseLevel(text: string): number | undefined {
    const plain = text.trim().toLowerCase().replace(/[−–]/g, "-").replace(",", ".").replace(/\s*db$/, "");
    if (["off", "-inf", "-∞", "∞"].includes(plain)) return -120;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) return undefined;
    const level = Number(plain);
    return level >= -120 && level <= 24 ? level : undefined;
}
