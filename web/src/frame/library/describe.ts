// What the library says of a module type: its ports and parameters come from its schema.
import { titleOf } from "../../parameters/titles";
import type { ModuleType, ParameterSchema, PortSchema } from "../../node/types";

const purposes: Record<string, string> = {
    channel_gain_v1: "Level, mute and polarity of each channel.",
    ut_delay_20ch_v1: "Delays each channel by samples, milliseconds or centimetres.",
    common_eq_v1: "Twenty bands a channel: peaks, shelves, low and high pass, notch, all-pass.",
    matrix_mixer_v1: "Mixes every input into every output, with a level at each crosspoint.",
    crossover_v1: "Splits the signal into two to five bands that add up again.",
    mdrc_v1: "Compresses up to five bands on their own.",
    limiter_v1: "Keeps peaks below a ceiling; looks ahead, which adds latency.",
    fir_v1: "Convolves with an impulse response from a file.",
    generator_v1: "Sine, noise, sweep and impulses for measuring.",
    level_meter_v1: "Passes the signal through and shows its level.",
};

/** One sentence on what the type is for; for one that the page does not know, what its schema tells. */
export function purposeOf(type: ModuleType): string {
    const known = purposes[type.moduleType];
    if (known !== undefined) return known;
    const tunable = type.params.filter((param) => param.role === "tunable").map((param) => titleOf(param.name).toLowerCase());
    return tunable.length === 0 ? "Has nothing to tune." : `Tunes ${tunable.slice(0, 5).join(", ")}.`;
}

function channelText(channels: number): string {
    if (channels === -1) return "channels as wired";
    if (channels === 0) return "channels to choose";
    return channels === 1 ? "1 channel" : `${channels} channels`;
}

/** "in: channels as wired", with what is optional marked. */
export function portText(port: PortSchema): string {
    return `${port.id}: ${channelText(port.channels)}${port.required ? "" : ", optional"}`;
}

/** "1 in, 1 out". */
export function portSummary(type: ModuleType): string {
    const inputs = type.ports.filter((port) => port.direction === "input").length;
    return `${inputs} in, ${type.ports.length - inputs} out`;
}

const dimensions = { c: "channel", b: "band", k: "split", o: "output", i: "input" };

/** "−120 … 24 dB, each channel". */
export function rangeText(param: ParameterSchema): string {
    const each = param.dims.length > 0 ? `, each ${param.dims.map((dim) => dimensions[dim]).join(" and ")}` : "";
    if (param.dataType === "bool") return `on or off${each}`;
    if (param.values !== undefined) return `${param.values.length} choices${each}`;
    if (param.minValue === undefined || param.maxValue === undefined) return `${param.dataType}${each}`;
    const number = (value: number): string => String(value).replace("-", "−");
    const top = param.maxIsOfRate === true ? `${number(param.maxValue)}·rate` : number(param.maxValue);
    return `${number(param.minValue)} … ${top}${param.unit === "" ? "" : ` ${param.unit}`}${each}`;
}
