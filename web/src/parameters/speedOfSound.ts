// How fast sound is, and how people say it.

/** Dry air at 20 °C. */
export const usualSpeedOfSound = 343;

/** Speeds that are taken, in metres a second: cold air to warm water. */
export const speedRange = { min: 250, max: 1600 };

/** The speed of sound in dry air at a temperature, in metres a second. */
export function speedAt(celsius: number): number {
    return 331.3 * Math.sqrt(1 + celsius / 273.15);
}

/** Reads "343", "340 m/s", "20 °C", "68 °F"; null when it is neither a speed nor a temperature. */
export function parseSpeed(text: string): number | null {
    const match = /^\s*(-?\d+(?:[.,]\d+)?)\s*(m\/s|°?\s*c|°?\s*f)?\s*$/i.exec(text.replace(/\u2212/g, "-"));
    if (!match) return null;
    const number = Number(match[1].replace(",", "."));
    const unit = (match[2] ?? "m/s").replace(/[°\s]/g, "").toLowerCase();
    const speed = unit === "c" ? speedAt(number) : unit === "f" ? speedAt((number - 32) / 1.8) : number;
    return speed >= speedRange.min && speed <= speedRange.max ? Math.round(speed * 100) / 100 : null;
}
