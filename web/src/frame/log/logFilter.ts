// Levels of the log, and what of it is shown.
import type { LogLine } from "../../node/types";

/** From the least to the most severe. */
export const levels = ["INFO", "WARN", "ERROR"] as const;
export type Level = (typeof levels)[number];

/** The level of a line, whatever a node calls it. */
export function levelOf(name: string): Level {
    const upper = name.toUpperCase();
    if (upper.startsWith("WARN")) return "WARN";
    if (["ERROR", "CRITICAL", "FATAL"].includes(upper)) return "ERROR";
    return "INFO";
}

/** Lines of at least a level that contain every one of the words. */
export function filtered(lines: LogLine[], least: Level, wanted: string): LogLine[] {
    const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const rank = levels.indexOf(least);
    return lines.filter((line) => {
        if (levels.indexOf(levelOf(line.level)) < rank) return false;
        const text = `${line.source} ${line.message}`.toLowerCase();
        return words.every((word) => text.includes(word));
    });
}

/** The lines as a text file. */
export function logText(lines: LogLine[]): string {
    return lines
        .map((line) => `${new Date(line.timestamp).toISOString()} ${levelOf(line.level).padEnd(5)} [${line.source}] ${line.message}\n`)
        .join("");
}
