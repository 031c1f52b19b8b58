// The page: panes, strip, and what may lie over them.
import { useEffect } from "react";
import { node, useNode } from "../node/store";
import { ConnectionVeil } from "./ConnectionVeil";
import { frameKeys } from "./frameKeys";
import { KeyHelp } from "./help/KeyHelp";
import { Tour } from "./help/Tour";
import { registerKeys, startKeys } from "./keys";
import { NoticeList } from "./NoticeList";
import { Strip } from "./strip/Strip";
import { TokenDialog } from "./TokenDialog";
import { Workspace } from "./Workspace";
import "./app.css";

export function App(): JSX.Element {
    const isOpen = useNode((state) => state.connection === "open" && state.link !== null);
    // What the whole page is about, for style sheets and for whoever drives the page: open only when all has been read.
    const connection = useNode((state) => (state.connection === "open" && !state.isLoaded ? "connecting" : state.connection));
    useEffect(() => {
        document.documentElement.dataset.connection = connection;
    }, [connection]);
    useEffect(() => {
        const stopKeys = startKeys();
        const forget = registerKeys("global", frameKeys());
        void node.start();
        return () => {
            forget();
            stopKeys();
        };
    }, []);
    // What is shown while there is no node is old: it can be looked at, not changed.
    const inert = isOpen ? {} : { inert: "" };
    return (
        <div className={isOpen ? "page" : "page stale"}>
            <div className="page-work" {...inert}>
                <Workspace />
            </div>
            <Strip />
            <ConnectionVeil />
            <TokenDialog />
            <KeyHelp />
            <Tour />
            <NoticeList />
        </div>
    );
}
