import { SUBGRAPH } from "./chain/model";

/** What a kind of module does to the signal; each has a colour of its own. */
export type Family = "source" | "level" | "filter" | "time" | "dynamics" | "meter" | "group" | "other";

interface Kind {
    title: string;
    family: Family;
    /** Further words that searching finds it by. */
    words: string;
}

const KINDS: Record<string, Kind> = {
    channel_gain_v1: { title: "Gain", family: "level", words: "volume level trim mute phase invert" },
    ut_delay_20ch_v1: { title: "Delay", family: "time", words: "time alignment distance" },
    common_eq_v1: { title: "Equaliser", family: "filter", words: "eq equalizer peaking shelf notch biquad filter" },
    matrix_mixer_v1: { title: "Mixer", family: "level", words: "matrix crosspoint sum route" },
    crossover_v1: { title: "Crossover", family: "filter", words: "split bands linkwitz riley butterworth ways" },
    mdrc_v1: { title: "Multi-band dynamics", family: "dynamics", words: "compressor drc mdrc" },
    limiter_v1: { title: "Limiter", family: "dynamics", words: "ceiling peak protection lookahead" },
    fir_v1: { title: "FIR filter", family: "filter", words: "convolution taps impulse response" },
    generator_v1: { title: "Generator", family: "source", words: "tone sine noise sweep impulse test signal" },
    level_meter_v1: { title: "Level meter", family: "meter", words: "peak rms vu" },
    [SUBGRAPH]: { title: "Sub-graph", family: "group", words: "group subgraph container nest" },
};

/** What a module type is called; one that is not built in goes by its instance name. */
export function typeTitle(moduleType: string, instanceName?: string): string {
    const known = KINDS[moduleType]?.title;
    if (known) return known;
    const name = instanceName ?? moduleType.replace(/_v\d+$/, "").replace(/_/g, " ");
    return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The family of a module type; types without inputs are sources, whatever they are called. */
export function familyOf(moduleType: string, hasInputs = true): Family {
    return KINDS[moduleType]?.family ?? (hasInputs ? "other" : "source");
}

/** Words by which a module type is found. */
export function searchWords(moduleType: string): string {
    return KINDS[moduleType]?.words ?? "";
}

/** The custom property with a family's colour. */
export const FAMILY_COLOURS: Record<Family, string> = {
    source: "--band-1",
    level: "--band-3",
    filter: "--band-5",
    time: "--band-6",
    dynamics: "--band-0",
    meter: "--band-2",
    group: "--band-7",
    other: "--wire",
};
