// Numbers as REW and Equalizer APO write them: with a decimal point or comma, and perhaps with a mark between thousands.

/** Spaces that stand between thousands, and apostrophes. */
const thousandMarks = /[\s\u00a0\u202f'\u2019]/g;

/** What a file tells about its numbers. */
export interface NumberStyle {
    /** marks that were seen as decimal marks in a frequency */
    decimals: ReadonlySet<string>;
    /** Three digits after the only mark are thousands, whatever the rest of the file looks like: so reads APO. */
    isStrict: boolean;
    /** A frequency is never read as thousands where that goes beyond, Hz. */
    highest: number;
}

/** Looks through the frequencies of a file for marks that can only be decimal ones. */
export function decimalsOf(text: string): Set<string> {
    const decimals = new Set<string>();
    for (const match of text.matchAll(/\bFc\s*([-+]?[\d.,\s\u00a0\u202f'\u2019]+)\s*k?H/gi)) {
        const marks = match[1].replace(thousandMarks, "").match(/^\d+([.,])(\d*)$/);
        if (marks && marks[2].length !== 3) decimals.add(marks[1]);
    }
    return decimals;
}

/** A gain, a Q or another number that has no thousands. Not a number where the text is none. */
export function plainNumber(text: string): number {
    const cleaned = text.replace(/\u2212/g, "-").replace(thousandMarks, "").replace(",", ".");
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(cleaned) ? Number(cleaned) : NaN;
}

/** A frequency: "1.000" may be one thousand. */
export function frequencyNumber(text: string, style: NumberStyle): number {
    const cleaned = text.replace(thousandMarks, "");
    const marks = cleaned.match(/[.,]/g) ?? [];
    if (marks.length === 0 || /e/i.test(cleaned)) return plainNumber(cleaned);
    const last = marks[marks.length - 1];
    if (marks.length > 1) {
        const isAllThousands = marks.every((mark) => mark === last);
        const whole = isAllThousands ? cleaned : cleaned.slice(0, cleaned.lastIndexOf(last));
        const rest = isAllThousands ? "" : cleaned.slice(cleaned.lastIndexOf(last) + 1);
        return plainNumber(`${whole.replace(/[.,]/g, "")}.${rest}`);
    }
    const decimal = plainNumber(cleaned);
    const hasThree = cleaned.length >= 5 && cleaned[cleaned.length - 4] === last;
    if (!hasThree || (!style.isStrict && style.decimals.has(last))) return decimal;
    return decimal * 1000 <= style.highest ? Math.round(decimal * 1000) : decimal;
}
