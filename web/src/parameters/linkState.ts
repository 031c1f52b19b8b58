// Which channels of which module hang together. Belongs to this page, not to the node.

import { Observable, useSelected } from "../node/select";
import type { LinkMode } from "./linking";

/** How a module's channels are linked, and which: none chosen means all. */
export interface ChannelLink {
    mode: LinkMode;
    chosen: number[];
}

const unlinked: ChannelLink = { mode: "off", chosen: [] };
const links = new Observable<Record<string, ChannelLink>>({});

/** The link of the channels of an instance. */
export function channelLink(instance: string): ChannelLink {
    return links.get()[instance] ?? unlinked;
}

/** The same, drawn again when it changes. */
export function useChannelLink(instance: string): ChannelLink {
    return useSelected(links, (all) => all[instance] ?? unlinked);
}

/** Changes how channels are linked. */
export function setLinkMode(instance: string, mode: LinkMode): void {
    links.update({ [instance]: { ...channelLink(instance), mode } });
}

/** Puts a channel into the group or takes it out. */
export function toggleChosen(instance: string, channel: number): void {
    const link = channelLink(instance);
    const chosen = link.chosen.includes(channel)
        ? link.chosen.filter((other) => other !== channel)
        : [...link.chosen, channel].sort((a, b) => a - b);
    links.update({ [instance]: { mode: link.mode === "off" && chosen.length > 1 ? "relative" : link.mode, chosen } });
}

/** All channels hang together, or none is chosen. */
export function choose(instance: string, chosen: number[]): void {
    links.update({ [instance]: { ...channelLink(instance), chosen } });
}

/** The channels that move with one: itself alone when it is not in the group. */
export function groupOf(link: ChannelLink, channel: number, channels: number): number[] {
    if (link.mode === "off") return [channel];
    const all = Array.from({ length: channels }, (_, index) => index);
    if (link.chosen.length === 0) return all;
    return link.chosen.includes(channel) ? all.filter((other) => link.chosen.includes(other)) : [channel];
}
