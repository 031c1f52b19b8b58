// The node's log, as far as it was sent: 2000 lines at most.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button } from "../../controls/Button";
import { Toggle } from "../../controls/Toggle";
import { useNode } from "../../node/store";
import { saveText } from "../saveText";
import { clockText } from "../timeText";
import { Level, filtered, levelOf, levels, logText } from "./logFilter";
import "./log.css";

const titles: Record<Level, string> = { INFO: "Everything", WARN: "Warnings and errors", ERROR: "Errors" };

export function LogPane(): JSX.Element {
    const log = useNode((state) => state.log);
    const [least, setLeast] = useState<Level>("INFO");
    const [wanted, setWanted] = useState("");
    const [follows, setFollows] = useState(true);
    const place = useRef<HTMLDivElement>(null);
    const shown = filtered(log, least, wanted);
    const last = shown[shown.length - 1]?.serial;

    useLayoutEffect(() => {
        const element = place.current;
        if (follows && element !== null) element.scrollTop = element.scrollHeight;
    }, [follows, last, shown.length]);

    useEffect(() => {
        const element = place.current;
        if (element === null) return undefined;
        // Whoever scrolls up wants to read; whoever comes back to the end wants to follow.
        const look = (): void => setFollows(element.scrollHeight - element.scrollTop - element.clientHeight < 8);
        element.addEventListener("scroll", look, { passive: true });
        return () => element.removeEventListener("scroll", look);
    }, []);

    return (
        <>
            <div className="toolbar">
                <select aria-label="Level" value={least} onChange={(event) => setLeast(event.currentTarget.value as Level)}>
                    {levels.map((level) => <option key={level} value={level}>{titles[level]}</option>)}
                </select>
                <input
                    type="search" placeholder="Search log" aria-label="Search log" value={wanted}
                    onChange={(event) => setWanted(event.currentTarget.value)}
                />
                <Toggle pressed={follows} onChange={setFollows} title="Keep the newest line in view">Follow</Toggle>
                <span className="stretch" />
                <span className="dim">{shown.length} of {log.length} lines</span>
                <Button icon="download" disabled={shown.length === 0} onClick={() => saveText("soundpost.log", logText(shown))}>
                    Save
                </Button>
            </div>
            <div ref={place} className="scroll log" role="log" aria-label="Log of the node" aria-live="off" tabIndex={0}>
                {shown.map((line) => (
                    <div key={line.serial} className={`log-line ${levelOf(line.level).toLowerCase()}`}>
                        <time>{clockText(line.timestamp)}</time>
                        <b>{levelOf(line.level)}</b>
                        <i>{line.source}</i>
                        <span>{line.message}</span>
                    </div>
                ))}
                {shown.length === 0 && (
                    <div className="empty">
                        <strong>{log.length === 0 ? "The log is empty." : "No line fits."}</strong>
                        <p>{log.length === 0 ? "What the node reports will stand here." : "Choose a lower level or other words."}</p>
                    </div>
                )}
            </div>
        </>
    );
}
