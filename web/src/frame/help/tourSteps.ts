// The five things that a first visit is shown.
import type { PaneID } from "../layout";

export interface TourStep {
    /** the element that is pointed at */
    target: string;
    /** a pane to be brought to the front for it */
    pane?: PaneID;
    title: string;
    text: string;
}

export const tourSteps: TourStep[] = [
    {
        target: ".centre",
        title: "The signal flow",
        text: "The demo chain is playing. Click a module to work on it, drag from port to port to wire, double-click a sub-graph "
            + "to go in. Every edit is heard at once.",
    },
    {
        target: "#side-left",
        pane: "library",
        title: "The library",
        text: "Drag a module into the flow, or choose one and press Enter. The navigator beside it shows the whole chain as a tree.",
    },
    {
        target: "#side-right",
        pane: "parameters",
        title: "Values and curves",
        text: "What is selected is tuned here. Type values with units (“-6”, “3ms”, “12 cm”, “1k2”), drag, or use wheel and arrow "
            + "keys. An equaliser opens as a curve with bands to drag.",
    },
    {
        target: "#side-bottom",
        pane: "meters",
        title: "See, hear, compare",
        text: "Meters and spectra of any wire, the source, listening in this browser, presets, and the history of every change.",
    },
    {
        target: ".strip",
        title: "Always at hand",
        text: "Level, mute, dim, bypass and A/B at equal loudness. Esc is panic: it silences everything at once. Ctrl-Z takes back, "
            + "? shows all keys.",
    },
];
