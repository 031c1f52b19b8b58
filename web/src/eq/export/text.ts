// Bands as text for other programs. What a program has no form for is named, not written as something else.
import { isUntouched, typeNames, type Band } from "../bands";
import { octavesOfQ } from "../bandwidth";
import { design, hasGain, hasQ, type FilterType } from "../biquad";
import { channelName } from "../import/channels";
import { seriesMagnitude, type Grid } from "../response";

/** A text, and what could not be part of it. */
export interface Exported {
    text: string;
    left: string[];
}

/**
 * A frequency with all its digits. Never with exactly three decimals: Equalizer APO takes a point before the last three
 * digits for a mark between thousands.
 */
function hertz(value: number): string {
    const text = String(Number(Math.fround(value).toPrecision(7)));
    return /\.\d{3}$/.test(text) ? `${text}0` : text;
}

function number(value: number): string {
    return String(Number(Math.fround(value).toPrecision(7)));
}

const rewNames: Readonly<Record<FilterType, string | null>> = {
    peaking: "PK", lowShelf: "LS Q", highShelf: "HS Q", lowPass: "LP Q", highPass: "HP Q", bandPass: null,
    notch: "Notch Q", allPass: "All pass", lowPass1: "LP1", highPass1: "HP1",
};

/** REW's filter settings file for its generic equaliser, of one channel. */
export function rewText(bands: readonly Band[], title: string, date: Date): Exported {
    const left: string[] = [];
    const dated = `Dated: ${date.toISOString().slice(0, 10)}`;
    const lines = ["Filter Settings file", "", "Room EQ V5.40", dated, "", "Notes:", "", "Equaliser: Generic", title];
    let index = 0;
    bands.forEach((band, i) => {
        if (isUntouched(band)) return;
        const name = rewNames[band.type];
        if (name === null) {
            left.push(`band ${i + 1}: REW has no ${typeNames[band.type].toLowerCase()}`);
            return;
        }
        index++;
        const state = band.isEnabled ? "ON " : "OFF";
        const frequency = hertz(band.frequency).padStart(7);
        const parts = [`Filter ${String(index).padStart(2)}: ${state} ${name.padEnd(8)} Fc ${frequency} Hz`];
        if (hasGain(band.type)) parts.push(`Gain ${number(band.gainDb).padStart(6)} dB`);
        if (hasQ(band.type)) parts.push(`Q ${number(band.q).padStart(6)}`);
        lines.push(parts.join("  "));
    });
    return { text: `${lines.join("\r\n")}\r\n`, left };
}

const apoNames: Readonly<Record<FilterType, string | null>> = {
    peaking: "PK", lowShelf: "LSC", highShelf: "HSC", lowPass: "LPQ", highPass: "HPQ", bandPass: "BP", notch: "NO",
    allPass: "AP", lowPass1: null, highPass1: null,
};

/** Equalizer APO's configuration, of all channels; channels that are alike are written once. */
export function apoText(channels: readonly (readonly Band[])[], sampleRate: number): Exported {
    const lines: string[] = [];
    let hasCoefficients = false;
    const texts = channels.map((bands) =>
        bands.filter((band) => !isUntouched(band)).map((band, i) => {
            const state = `Filter ${i + 1}: ${band.isEnabled ? "ON" : "OFF"}`;
            const name = apoNames[band.type];
            if (name === null) {
                hasCoefficients = true;
                const c = design(band, sampleRate);
                return `${state} IIR Order 1 Coefficients ${c.b0} ${c.b1} 1 ${c.a1}`;
            }
            const gain = hasGain(band.type) ? ` Gain ${number(band.gainDb)} dB` : "";
            return `${state} ${name} Fc ${hertz(band.frequency)} Hz${gain} Q ${number(band.q)}`;
        }),
    );
    if (hasCoefficients) lines.push(`# First-order filters are coefficients for ${sampleRate} Hz.`);
    const areAlike = texts.every((text) => text.join("\n") === texts[0].join("\n"));
    if (areAlike) {
        lines.push(...(texts[0] ?? []));
    } else {
        texts.forEach((text, channel) => lines.push(`Channel: ${channelName(channel, channels.length)}`, ...text));
    }
    return { text: `${lines.join("\r\n")}\r\n`, left: [] };
}

/** The bands as a table. It can be imported again. */
export function bandsCsv(channels: readonly (readonly Band[])[]): Exported {
    const rows = ["Channel,Band,Enabled,Type,Frequency (Hz),Gain (dB),Q,Octaves"];
    channels.forEach((bands, channel) => {
        bands.forEach((band, i) => {
            if (isUntouched(band)) return;
            rows.push([
                channel + 1, i + 1, band.isEnabled, band.type, number(band.frequency),
                hasGain(band.type) ? number(band.gainDb) : "", hasQ(band.type) ? number(band.q) : "",
                hasQ(band.type) ? octavesOfQ(band.q).toFixed(4) : "",
            ].join(","));
        });
    });
    return { text: `${rows.join("\r\n")}\r\n`, left: [] };
}

/** The curve of every channel as a table: frequencies in Hz, levels in dB. */
export function curveCsv(channels: readonly (readonly Band[])[], grid: Grid): Exported {
    const levels = channels.map((bands) =>
        seriesMagnitude(bands.filter((band) => band.isEnabled).map((band) => design(band, grid.sampleRate)), grid),
    );
    const rows = [["Frequency (Hz)", ...channels.map((_, channel) => `Channel ${channel + 1} (dB)`)].join(",")];
    grid.frequencies.forEach((frequency, i) => {
        rows.push([frequency.toFixed(3), ...levels.map((level) => level[i].toFixed(4))].join(","));
    });
    return { text: `${rows.join("\r\n")}\r\n`, left: [] };
}
