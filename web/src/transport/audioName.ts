/** Most characters in the name of an audio file at the node. */
export const longestName = 64;

/** Why a name cannot be used for an audio file, in words for a person; undefined when it can. */
export function nameFault(name: string): string | undefined {
    if (name === "") return "A name is needed.";
    if (name.startsWith(".")) return "A name does not begin with a dot.";
    const odd = [...new Set([...name].filter((letter) => !/[A-Za-z0-9_.#-]/.test(letter)))];
    if (odd.length > 0) {
        const shown = odd.slice(0, 5).map((letter) => (letter === " " ? "the space" : letter)).join(" ");
        return `Only letters A–Z, digits and _ . # - can be in a name, not ${shown}`;
    }
    if (name.length > longestName) return `A name has at most ${longestName} characters, this one ${name.length}.`;
    return undefined;
}

const spelled: Record<string, string> = {
    ä: "ae", ö: "oe", ü: "ue", Ä: "Ae", Ö: "Oe", Ü: "Ue", ß: "ss", æ: "ae", Æ: "Ae", ø: "o", Ø: "O", ł: "l", Ł: "L",
    đ: "d", Đ: "D", "&": "and", "+": "plus", "@": "at",
};

/**
 * The nearest name that can be used: letters lose their accents, other characters become one "-", too long a stem is
 * cut and the ending kept. The result has no fault.
 */
export function mendedName(name: string): string {
    const file = name.split(/[/\\]/).pop() ?? "";
    const plain = [...file.normalize("NFC")]
        .map((letter) => spelled[letter] ?? letter)
        .join("")
        .normalize("NFKD")
        .replace(/[\u0300-\u036f]/g, "")
        .replace(/[^A-Za-z0-9_.#-]+/g, "-")
        .replace(/-+\./g, ".")
        .replace(/^[.-]+/, "")
        .replace(/-+$/, "");
    const isEnding = /^(wav|flac|aiff?|ogg|mp3|w64|caf|au)$/i.test(plain);
    const usable = plain === "" ? "audio" : isEnding ? `audio.${plain}` : plain;
    if (usable.length <= longestName) return usable;
    const dot = usable.lastIndexOf(".");
    const ending = dot > 0 && usable.length - dot <= 8 ? usable.slice(dot) : "";
    return usable.slice(0, longestName - ending.length).replace(/[.-]+$/, "") + ending;
}

/** A name that is not taken yet: "song.wav" becomes "song-2.wav". */
export function freeName(name: string, taken: readonly string[]): string {
    if (!taken.includes(name)) return name;
    const dot = name.lastIndexOf(".");
    const stem = dot > 0 ? name.slice(0, dot) : name;
    const ending = dot > 0 ? name.slice(dot) : "";
    for (let number = 2; ; number++) {
        const tail = `-${number}${ending}`;
        const candidate = stem.slice(0, longestName - tail.length) + tail;
        if (!taken.includes(candidate)) return candidate;
    }
}
