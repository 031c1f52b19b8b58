const paths = {
    fit: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M5.5 6.5h5v3h-5z",
    plus: "M8 3.5v9M3.5 8h9",
    minus: "M3.5 8h9",
    layout: "M2 6h3.5v4H2zM10.5 2.5H14v4h-3.5zM10.5 9.5H14v4h-3.5zM5.5 8h2.2M7.7 4.5v7M7.7 4.5h2.8M7.7 11.5h2.8",
    align: "M2.5 2v12M5 4h8v3H5zM5 9.5h5v3H5z",
    levels: "M3 13V8M6.3 13V3.5M9.7 13V6M13 13v-3",
    wire: "M2 4h2.5c4 0 3 8 7 8H14",
} as const;

/** A picture of the flow's tools, in the colour of the text around it. */
export function FlowIcon({ name }: { name: keyof typeof paths }): JSX.Element {
    return (
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false" className="icon">
            <path
                d={paths[name]}
                fill="none"
                stroke="currentColor"
                strokeWidth="1.4"
                strokeLinecap="round"
                strokeLinejoin="round"
            />
        </svg>
    );
}
