// What is not a registered key: gestures of pointer and wheel, and keys of single controls.

export const gestures: { title: string; rows: { title: string; gesture: string }[] }[] = [
    {
        title: "Values",
        rows: [
            { title: "One step up or down", gesture: "↑ ↓" },
            { title: "Ten steps", gesture: "Page Up / Page Down" },
            { title: "Fine steps", gesture: "Shift" },
            { title: "Change", gesture: "Drag, wheel" },
            { title: "Back to the default", gesture: "Double-click, Ctrl-click" },
            { title: "Type with a unit", gesture: "3ms, 12 cm, 1k2" },
            { title: "Fill a column", gesture: "Paste from a spreadsheet" },
        ],
    },
    {
        title: "Equaliser curve",
        rows: [
            { title: "Frequency and gain of a band", gesture: "Drag" },
            { title: "Q of a band", gesture: "Wheel, right-drag" },
            { title: "Band on or off", gesture: "Double-click" },
        ],
    },
    {
        title: "Master fader",
        rows: [
            { title: "0 dB", gesture: "End, double-click, Ctrl-click" },
            { title: "Silence", gesture: "Home" },
        ],
    },
    {
        title: "Panes",
        rows: [
            { title: "Size of a pane", gesture: "Drag its edge, arrow keys on it" },
            { title: "Hide a pane", gesture: "Enter on its edge" },
            { title: "Usual size", gesture: "Double-click its edge" },
        ],
    },
];
