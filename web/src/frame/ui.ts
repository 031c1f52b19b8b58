// What the page shows: selection, place in the sub-graphs, panes, theme. Not the node's state.
import { Observable, useSelected } from "../node/select";
import {
    Layout, PaneID, Side, enlarged, moved, opened, readLayout, resized, shown, toggled, writeLayout,
} from "./layout";
import { Theme, setTheme, startTheme } from "./theme";

export { notify } from "./notices";
export { onFrame } from "./loop";
export { themeColour } from "./theme";
export { registerKeys } from "./keys";
export type { PaneID, Side } from "./layout";

export interface UIState {
    /** instance ids, local to the chain shown */
    selection: string[];
    /** instance ids of the sub-graph nodes that were entered; [] is the root chain */
    path: string[];
    theme: Theme;
    panes: Layout;
    /** whether modules in the flow show levels and load */
    showMeters: boolean;
    /** whether the page is so narrow that side panes lie over the flow */
    narrow: boolean;
}

const state = new Observable<UIState>({
    selection: [],
    path: [],
    theme: "system",
    panes: readLayout(),
    showMeters: false,
    narrow: false,
});

function setPanes(panes: Layout): void {
    state.update({ panes });
    if (!state.get().narrow) writeLayout(panes);
}

export const ui = {
    getState: state.get,
    subscribe: state.subscribe,

    /** Selects instances of the chain shown; [] for none. */
    select(ids: string[]): void {
        const { selection } = state.get();
        if (ids.length === selection.length && ids.every((id, index) => id === selection[index])) return;
        state.update({ selection: [...ids] });
    },

    /** Goes into a sub-graph node of the chain shown. */
    enter(subGraphNodeId: string): void {
        state.update({ path: [...state.get().path, subGraphNodeId], selection: [] });
    },

    /** Goes out of sub-graphs until `depth` are left: 0 is the root chain. The one that was left is selected. */
    leaveTo(depth: number): void {
        const { path } = state.get();
        if (depth >= path.length) return;
        state.update({ path: path.slice(0, Math.max(0, depth)), selection: [path[Math.max(0, depth)]] });
    },

    /** Shows a place at once: a chain and what is selected in it. */
    goTo(path: string[], selection: string[]): void {
        state.update({ path: [...path], selection: [...selection] });
    },

    /** Brings a pane to the front, shown if it was hidden. */
    open(pane: PaneID): void {
        setPanes(opened(state.get().panes, pane, state.get().narrow));
    },

    theme(theme: Theme): void {
        setTheme(theme);
        state.update({ theme });
    },

    /** Shows or hides levels and load on the modules in the flow. */
    meters(showMeters: boolean): void {
        state.update({ showMeters });
    },

    /** Shows or hides a side. */
    toggle(side: Side): void {
        setPanes(toggled(state.get().panes, side, state.get().narrow));
    },

    show(side: Side, isOpen: boolean): void {
        setPanes(shown(state.get().panes, side, isOpen));
    },

    /** Gives a side another size, in pixels. */
    resize(side: Side, size: number): void {
        setPanes(resized(state.get().panes, side, size));
    },

    /** Lets a side take most of the page, or gives it its own size again. */
    enlarge(side: Side, large: boolean): void {
        setPanes(enlarged(state.get().panes, side, large));
    },

    /** Brings a side's tab to the front without showing a hidden side. */
    turnTo(pane: PaneID): void {
        setPanes(moved(state.get().panes, pane));
    },

    /** Tells whether side panes lie over the flow. */
    setNarrow(narrow: boolean): void {
        if (narrow === state.get().narrow) return;
        const panes = state.get().panes;
        // Not remembered: a window that becomes wide again looks as before.
        state.update({ narrow, panes: narrow ? shown(shown(panes, "left", false), "right", false) : readLayout() });
    },

    /** Call once, before the first picture. */
    start(): void {
        state.update({ theme: startTheme() });
    },
};

export function useUI<T>(select: (state: UIState) => T): T {
    return useSelected(state, select);
}

/** The flattened id of an instance in the chain shown. */
export function flattened(id: string): string {
    return [...state.get().path, id].join(".");
}
