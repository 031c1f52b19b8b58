// Which panes there are, where they are and how large: a value, remembered by the browser.
import { readStored, writeStored } from "./storage";

export type Side = "left" | "right" | "bottom";
export type PaneID =
    | "flow" | "library" | "navigator" | "parameters" | "eq" | "meters" | "spectrum" | "transport" | "presets"
    | "history" | "log";

export interface SideLayout {
    open: boolean;
    /** pixels: width, at the bottom height */
    size: number;
    /** takes most of the page, until it is made small again */
    large: boolean;
    tab: PaneID;
}

export type Layout = Record<Side, SideLayout>;

/** The tabs of each side, in order. */
export const tabs: Record<Side, { id: PaneID; title: string }[]> = {
    left: [
        { id: "library", title: "Library" },
        { id: "navigator", title: "Navigator" },
    ],
    right: [
        { id: "parameters", title: "Parameters" },
        { id: "eq", title: "EQ" },
    ],
    bottom: [
        { id: "meters", title: "Meters" },
        { id: "spectrum", title: "Spectrum" },
        { id: "transport", title: "Source & listen" },
        { id: "presets", title: "Presets" },
        { id: "history", title: "History" },
        { id: "log", title: "Log" },
    ],
};

/** Sizes in pixels; the page gives the flow what is left, so that the upper bounds only keep nonsense away. */
export const sizes: Record<Side, { min: number; max: number; usual: number }> = {
    // Both of its tabs are to be seen.
    left: { min: 184, max: 520, usual: 208 },
    right: { min: 260, max: 1100, usual: 400 },
    bottom: { min: 110, max: 900, usual: 240 },
};

const key = "soundpost.layout";
export const sides: Side[] = ["left", "right", "bottom"];

/** The side that a pane is on; undefined for the flow, which is always there. */
export function sideOf(pane: PaneID): Side | undefined {
    return sides.find((side) => tabs[side].some((tab) => tab.id === pane));
}

/** The layout of a first visit, in a window of this width in pixels. */
export function usualLayout(width = 1280): Layout {
    // A tablet's width: the flow keeps a third of it.
    const scale = Math.min(1, Math.max(0.8, width / 1280));
    const part = (side: Side): number => Math.round(sizes[side].usual * scale);
    return {
        left: { open: true, size: clamp("left", part("left")), large: false, tab: "library" },
        right: { open: true, size: part("right"), large: false, tab: "parameters" },
        bottom: { open: true, size: sizes.bottom.usual, large: false, tab: "meters" },
    };
}

function clamp(side: Side, size: number): number {
    return Math.round(Math.min(sizes[side].max, Math.max(sizes[side].min, size)));
}

/** A layout from whatever was stored: what does not fit is the usual one. */
export function layoutFrom(stored: unknown, width = 1280): Layout {
    const layout = usualLayout(width);
    if (typeof stored !== "object" || stored === null) return layout;
    for (const side of sides) {
        const part: unknown = (stored as Record<string, unknown>)[side];
        if (typeof part !== "object" || part === null) continue;
        const { open, size, large, tab } = part as Record<string, unknown>;
        if (typeof open === "boolean") layout[side].open = open;
        if (typeof large === "boolean") layout[side].large = large;
        if (typeof size === "number" && Number.isFinite(size)) layout[side].size = clamp(side, size);
        const known = tabs[side].find((candidate) => candidate.id === tab);
        if (known !== undefined) layout[side].tab = known.id;
    }
    return layout;
}

export function readLayout(): Layout {
    return layoutFrom(readStored(key), typeof innerWidth === "number" ? innerWidth : undefined);
}

export function writeLayout(layout: Layout): void {
    writeStored(key, layout);
}

/** With a side shown or hidden. */
export function shown(layout: Layout, side: Side, open: boolean): Layout {
    return { ...layout, [side]: { ...layout[side], open } };
}

/** With a side toggled. Where side panes lie over the flow, only one of them is open. */
export function toggled(layout: Layout, side: Side, narrow: boolean): Layout {
    const next = shown(layout, side, !layout[side].open);
    return narrow && next[side].open ? alone(next, side) : next;
}

/** With a pane's tab in front. */
export function moved(layout: Layout, pane: PaneID): Layout {
    const side = sideOf(pane);
    return side === undefined ? layout : { ...layout, [side]: { ...layout[side], tab: pane } };
}

/** With a pane shown. */
export function opened(layout: Layout, pane: PaneID, narrow: boolean): Layout {
    const side = sideOf(pane);
    if (side === undefined) return layout;
    const next = shown(moved(layout, pane), side, true);
    return narrow ? alone(next, side) : next;
}

/** With a side of another size, in pixels. */
export function resized(layout: Layout, side: Side, size: number): Layout {
    return { ...layout, [side]: { ...layout[side], size: clamp(side, size), large: false } };
}

/** With a side that takes most of the page, or its own size again. Only one side does at a time. */
export function enlarged(layout: Layout, side: Side, large: boolean): Layout {
    const next = { ...layout };
    for (const other of sides) next[other] = { ...layout[other], large: other === side && large };
    return next;
}

function alone(layout: Layout, side: Side): Layout {
    if (side === "left") return shown(layout, "right", false);
    return side === "right" ? shown(layout, "left", false) : layout;
}
