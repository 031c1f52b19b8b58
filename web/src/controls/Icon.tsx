// Small pictures, drawn on a grid of 16, in the colour of the text around them.

const paths = {
    add: "M8 3v10M3 8h10",
    close: "M4 4l8 8M12 4l-8 8",
    check: "M3 8.5l3.2 3.2L13 5",
    down: "M4 6l4 4 4-4",
    up: "M4 10l4-4 4 4",
    left: "M10 4l-4 4 4 4",
    right: "M6 4l4 4-4 4",
    undo: "M6 4L3 7l3 3M3.4 7H9.5a3.5 3.5 0 010 7H7",
    redo: "M10 4l3 3-3 3M12.6 7H6.5a3.5 3.5 0 000 7H9",
    play: "M5 3.2v9.6L12.6 8z",
    pause: "M5.5 3.5v9M10.5 3.5v9",
    stop: "M4.5 4.5h7v7h-7z",
    loop: "M4 6.5A4.2 4.2 0 0112 6m0 3.5A4.2 4.2 0 014 10M12.3 3v3.2H9.2M3.7 13V9.8h3.1",
    speaker: "M3 6.2v3.6h2.4L8.6 12.6V3.4L5.4 6.2zM10.8 6a3 3 0 010 4M12.6 4.2a5.4 5.4 0 010 7.6",
    muted: "M3 6.2v3.6h2.4L8.6 12.6V3.4L5.4 6.2zM11 6.4l3 3.2M14 6.4l-3 3.2",
    panic: "M8 2.2l6.2 11.2H1.8zM8 6.4v3.4M8 11.6v.2",
    help: "M8 2a6 6 0 110 12A6 6 0 018 2zM6.2 6.2a1.9 1.9 0 113 1.7c-.8.5-1.2.8-1.2 1.7M8 11.6v.2",
    sun: "M8 5.2a2.8 2.8 0 110 5.6 2.8 2.8 0 010-5.6zM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1",
    moon: "M13 9.4A5.4 5.4 0 016.6 3 5.4 5.4 0 1013 9.4z",
    screen: "M2.5 3.5h11v7.5h-11zM6 13.5h4M8 11v2.5",
    link: "M6.5 9.5l3-3M5 7.5L3.6 8.9a2.5 2.5 0 003.5 3.5L8.5 11M7.5 5l1.4-1.4a2.5 2.5 0 013.5 3.5L11 8.5",
    download: "M8 2.5v7.5M4.8 7L8 10.2 11.2 7M3 13h10",
    upload: "M8 10.5V3M4.8 6L8 2.8 11.2 6M3 13h10",
    trash: "M3 4.5h10M6.2 4.5V3h3.6v1.5M4.4 4.5l.6 8.5h6l.6-8.5M6.8 7v3.6M9.2 7v3.6",
    copy: "M5.5 5.5h7.5V13H5.5zM3 10.5V3h7.5",
    edit: "M3 13l.6-2.8 7-7 2.2 2.2-7 7zM9.4 4.4l2.2 2.2",
    more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
    paneLeft: "M2.5 3h11v10h-11zM6 3v10",
    paneRight: "M2.5 3h11v10h-11zM10 3v10",
    paneBottom: "M2.5 3h11v10h-11zM2.5 9.5h11",
    folder: "M2.5 12.5v-9h4l1.2 1.6h5.8v7.4z",
    module: "M3.5 4.5h9v7h-9zM1.5 8h2M12.5 8h2",
    power: "M8 2.5v5.2M4.8 4.6a4.8 4.8 0 106.4 0",
    settings: "M3 5h6M11.5 5H13M3 11h1.5M7 11h6M10.2 3.6v2.8M5.7 9.6v2.8",
    tour: "M4 13.5v-11h7.5L10 5.2l1.5 2.8H4",
} as const;

export type IconName = keyof typeof paths;

/** A picture beside words, or in a button that has a label: screen readers pass it over. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
    return (
        <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false" className="icon">
            <path d={paths[name]} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
    );
}
