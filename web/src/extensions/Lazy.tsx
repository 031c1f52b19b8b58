// Shows a panel of the part of the page that is loaded when somebody wants it.
import { useEffect, useState, type ComponentProps } from "react";
import { notify } from "../frame/notices";
import { host } from "./host";
import type * as Part from "./panels";

type Panels = ReturnType<typeof Part.begin>;

let loading: Promise<Panels> | undefined;

function load(): Promise<Panels> {
    const address = (name: string): string => new URL(name, document.baseURI).href;
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = address("extensions.css");
    document.head.append(style);
    // A variable: esbuild must not take the file in.
    const file = address("extensions.js");
    return Promise.all([
        import(file) as Promise<typeof Part>,
        new Promise((resolve, reject) => {
            style.onload = resolve;
            style.onerror = reject;
        }),
    ]).then(([part]) => part.begin(host));
}

/** A panel with its properties; nothing until it has been loaded. */
export function Lazy<Name extends keyof Panels>({ panel, ...rest }: { panel: Name } & ComponentProps<Panels[Name]>): JSX.Element | null {
    const [panels, setPanels] = useState<Panels>();
    useEffect(() => {
        loading ??= load();
        loading.then(setPanels, () => {
            loading = undefined;
            notify("error", "A part of the page could not be loaded: reload the page.");
        });
    }, []);
    if (!panels) return null;
    const Panel = panels[panel] as (properties: object) => JSX.Element;
    return <Panel {...rest} />;
}
