// The node's extensions and how they are doing.
import type { Extension } from "../node/types";
import { page } from "./page";
import { stateNames } from "./states";

export function ExtensionList(): JSX.Element {
    const extensions = page.useNode((state) => state.extensions);
    const isOpen = page.useNode((state) => state.connection === "open");
    return (
        <section className="extensions" aria-labelledby="extensions-title">
            <h3 id="extensions-title">Extensions</h3>
            <ul>
                {extensions.map((one) => <Entry key={one.id} extension={one} isOpen={isOpen} />)}
            </ul>
        </section>
    );
}

function Entry({ extension, isOpen }: { extension: Extension; isOpen: boolean }): JSX.Element {
    const { id, name, version, state, restarts, message, handlers, droppedEvents } = extension;
    const restart = async (): Promise<void> => {
        const answer = await page.node.ask({ type: "restart_extension", extension: id });
        if (answer) page.notify("info", `${name} is being restarted.`);
    };
    return (
        <li>
            <div className="extension-head">
                <span>
                    <strong>{name}</strong> {version} {id !== name && <span className="dim">({id})</span>}
                </span>
                <span className={`extension-state ${state}`} role="status">{stateNames[state]}</span>
                <page.Button disabled={!isOpen} aria-label={`Restart ${name}`} onClick={() => void restart()}>Restart</page.Button>
            </div>
            {extension.description !== undefined && <p className="dim">{extension.description}</p>}
            {message !== undefined && <p className="extension-message">Ended last: {message}</p>}
            <p className="dim">
                {restarts === 0 ? "Never restarted" : `Restarted ${restarts === 1 ? "once" : `${restarts} times`}`}
                {droppedEvents !== undefined && ` · ${droppedEvents} ${droppedEvents === 1 ? "event" : "events"} not handed on`}
                {handlers.length > 0 && <> · answers <span className="extension-handlers">{handlers.join(", ")}</span></>}
            </p>
        </li>
    );
}
