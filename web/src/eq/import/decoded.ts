// Texts as programs of different age write them.

/** Text as UTF-8, as UTF-16 where a mark says so, else as Windows writes it. */
export function decoded(bytes: ArrayBuffer): string {
    const [a, b] = new Uint8Array(bytes);
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
        return new TextDecoder(a === 0xff ? "utf-16le" : "utf-16be").decode(bytes);
    }
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
        return new TextDecoder("windows-1252").decode(bytes);
    }
}
