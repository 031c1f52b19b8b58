// Reads the number at the start of what people type: signs, decimal commas, groups of digits, "1k2".

/** A number and the text that follows it. */
export interface LeadingNumber {
    value: number;
    rest: string;
}

const minusSigns = /[\u2212\u2013\u2012\uFE63\uFF0D]/g;
const groupSpaces = /(\d)[\s\u00A0\u2009\u202F'’](?=\d{3}(?!\d))/g;

/** Plain ASCII signs and no spaces or apostrophes between groups of three digits. */
export function plainText(text: string): string {
    return text.replace(minusSigns, "-").replace(groupSpaces, "$1").replace(/[\u00A0\u2009\u202F]/g, " ").trim();
}

/**
 * The number at the start of a text that went through `plainText`; null when there is none.
 * One comma or point is the decimal one; of several kinds the last is; repeated ones of a kind group digits.
 * A k, K, M or µ between two digits is a decimal point and a factor: 1k2 = 1200.
 */
export function leadingNumber(text: string): LeadingNumber | null {
    const match = /^([+-]?)\s*(\d[\d.,]*|[.,]\d[\d.,]*)/.exec(text);
    if (!match) return null;
    const digits = decimal(match[2]);
    if (digits === null) return null;
    const sign = match[1] === "-" ? -1 : 1;
    let rest = text.slice(match[0].length);
    const infix = /^([kKMR])(\d+)(?!\s*[\d.,kKM])/.exec(rest);
    if (infix && /^\d+$/.test(match[2])) {
        const factor = infix[1] === "M" ? 1e6 : infix[1] === "R" ? 1 : 1e3;
        return { value: sign * Number(`${digits}.${infix[2]}`) * factor, rest: rest.slice(infix[0].length).trim() };
    }
    const exponent = /^[eE]([+-]?\d{1,3})(?![\d.,])/.exec(rest);
    if (exponent) rest = rest.slice(exponent[0].length);
    const value = Number(digits + (exponent ? `e${exponent[1]}` : ""));
    return Number.isFinite(value) ? { value: sign * value, rest: rest.trim() } : null;
}

/** Digits with a decimal point, or null when separators stand where they cannot. */
function decimal(text: string): string | null {
    const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
    if (last < 0) return text;
    const separator = text[last];
    const other = separator === "." ? "," : ".";
    const count = text.split(separator).length - 1;
    if (count > 1) return text.includes(other) || !isGrouped(text, separator) ? null : text.split(separator).join("");
    const whole = text.slice(0, last);
    if (whole.includes(other) && !isGrouped(whole, other)) return null;
    return `${whole.split(other).join("") || "0"}.${text.slice(last + 1) || "0"}`;
}

function isGrouped(text: string, separator: string): boolean {
    const groups = text.split(separator);
    return /^\d{1,3}$/.test(groups[0]) && groups.slice(1).every((group) => /^\d{3}$/.test(group));
}
