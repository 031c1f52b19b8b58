import type { TransportStatus } from "../node/types";

/** Where the sound comes from, as the page lets one choose it. */
export type SourceChoice =
    | { kind: "file"; name: string }
    | { kind: "generator" }
    | { kind: "silence" }
    | { kind: "card"; device: string };

/** Where the sound goes, as the page lets one choose it. An empty device is the system's default. */
export type SinkChoice =
    | { kind: "none" }
    | { kind: "browser" }
    | { kind: "card"; device: string }
    | { kind: "file"; name: string };

/** `input` of `sim_start`. */
export type SimInput = {
    type: "file" | "generator" | "silence" | "soundcard"; path?: string; deviceName?: string; loop?: boolean;
};

/** `output` of `sim_start`. */
export type SimOutput = { type: "none" | "browser" | "soundcard" | "file"; path?: string; deviceName?: string };

/** A sound card's side, as in the node's `audio_device_list`. */
export interface Device {
    id: string;
    name: string;
    direction: "input" | "output";
    hostApi: string;
    sampleRate: number;
    sampleRates: number[];
    channels: number;
    isDefault: boolean;
}

/** The message's form of a source. */
export function inputOf(choice: SourceChoice, loop: boolean): SimInput {
    switch (choice.kind) {
        case "file": return { type: "file", path: choice.name, loop };
        case "card": return { type: "soundcard", deviceName: choice.device };
        case "generator": return { type: "generator" };
        case "silence": return { type: "silence" };
    }
}

/** The message's form of a sink. */
export function outputOf(choice: SinkChoice): SimOutput {
    switch (choice.kind) {
        case "file": return { type: "file", path: choice.name };
        case "card": return { type: "soundcard", deviceName: choice.device };
        case "browser": return { type: "browser" };
        case "none": return { type: "none" };
    }
}

/** The source in force. */
export function sourceOf(input: TransportStatus["input"]): SourceChoice {
    switch (input.type) {
        case "file": return { kind: "file", name: input.path ?? "" };
        case "soundcard": return { kind: "card", device: input.deviceName ?? "" };
        case "silence": return { kind: "silence" };
        default: return { kind: "generator" };
    }
}

/** The sink in force. */
export function sinkOf(output: TransportStatus["output"]): SinkChoice {
    switch (output.type) {
        case "file": return { kind: "file", name: output.path ?? "" };
        case "soundcard": return { kind: "card", device: output.deviceName ?? "" };
        case "browser": return { kind: "browser" };
        default: return { kind: "none" };
    }
}

/** A device's rates and channels in words: "2 channels, 44.1, 48, 96 kHz". */
export function deviceText(device: Device): string {
    const rates = (device.sampleRates.length > 0 ? device.sampleRates : [device.sampleRate])
        .map((rate) => String(Number((rate / 1000).toFixed(3))));
    return `${device.channels} ${device.channels === 1 ? "channel" : "channels"}, ${rates.join(", ")} kHz`;
}

/** Devices of a direction for choosing, the default one first. */
export function devicesFor(devices: readonly Device[], direction: "input" | "output"): Device[] {
    return devices
        .filter((device) => device.direction === direction)
        .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
}
