import type { TransportStatus } from "../node/types";

/**
 * A sound card's side as an end of the chain. An empty device is the system's default. `channels` has for each channel
 * of the chain the card's, from 1, or 0 for none; absent: in order.
 */
interface Card { kind: "card"; device: string; channels?: number[] }

/** Where the sound comes from, as the page lets one choose it. */
export type SourceChoice =
    | { kind: "file"; name: string }
    | { kind: "generator" }
    | { kind: "silence" }
    | Card;

/** Where the sound goes, as the page lets one choose it. */
export type SinkChoice =
    | { kind: "none" }
    | { kind: "browser" }
    | Card
    | { kind: "file"; name: string };

/** `input` of `sim_start`. */
export type SimInput = {
    type: "file" | "generator" | "silence" | "soundcard";
    path?: string;
    deviceName?: string;
    channels?: number[];
    loop?: boolean;
};

/** `output` of `sim_start`. */
export type SimOutput = {
    type: "none" | "browser" | "soundcard" | "file";
    path?: string;
    deviceName?: string;
    channels?: number[];
};

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
        case "card": return { type: "soundcard", deviceName: choice.device, ...channelsOf(choice) };
        case "generator": return { type: "generator" };
        case "silence": return { type: "silence" };
    }
}

/** The message's form of a sink. */
export function outputOf(choice: SinkChoice): SimOutput {
    switch (choice.kind) {
        case "file": return { type: "file", path: choice.name };
        case "card": return { type: "soundcard", deviceName: choice.device, ...channelsOf(choice) };
        case "browser": return { type: "browser" };
        case "none": return { type: "none" };
    }
}

/** The source in force. */
export function sourceOf(input: TransportStatus["input"]): SourceChoice {
    switch (input.type) {
        case "file": return { kind: "file", name: input.path ?? "" };
        case "soundcard": return { kind: "card", device: input.deviceName ?? "", ...channelsOf(input) };
        case "silence": return { kind: "silence" };
        default: return { kind: "generator" };
    }
}

/** The sink in force. */
export function sinkOf(output: TransportStatus["output"]): SinkChoice {
    switch (output.type) {
        case "file": return { kind: "file", name: output.path ?? "" };
        case "soundcard": return { kind: "card", device: output.deviceName ?? "", ...channelsOf(output) };
        case "browser": return { kind: "browser" };
        default: return { kind: "none" };
    }
}

/** What has no list gets none: it stays in order. */
function channelsOf({ channels }: { channels?: number[] }): { channels?: number[] } {
    return channels ? { channels } : {};
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
