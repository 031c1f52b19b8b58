// Says over the page that there is no node, since when, and what the page does about it.
import { useEffect, useState } from "react";
import { Button } from "../controls/Button";
import { node, useNode } from "../node/store";
import { panic } from "./strip/output";
import { clockText, durationText } from "./timeText";
import "./veil.css";

export function ConnectionVeil(): JSX.Element {
    const state = useNode((all) => ({
        connection: all.connection, lostSince: all.lostSince, isEmpty: all.link === null, isPanic: all.output?.panic ?? false,
    }));
    return (
        <>
            <div className="veil-place" role="status" aria-live="assertive">
                {(state.connection === "lost" || state.connection === "connecting") && state.lostSince !== null && (
                    <Lost since={state.lostSince} isEmpty={state.isEmpty} />
                )}
                {state.connection === "connecting" && state.lostSince === null && state.isEmpty && (
                    <div className="veil-card quiet">Connecting to {location.host}…</div>
                )}
                {state.connection === "open" && state.isEmpty && <div className="veil-card quiet">Reading the chain…</div>}
            </div>
            {state.connection === "open" && state.isPanic && (
                <div className="panic-banner" role="alert">
                    <b>Panic: the output is silent.</b>
                    <Button kind="danger" onClick={() => void panic(false)}>Release</Button>
                </div>
            )}
        </>
    );
}

function Lost({ since, isEmpty }: { since: number; isEmpty: boolean }): JSX.Element {
    const [now, setNow] = useState(Date.now());
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), 1000);
        return () => clearInterval(timer);
    }, []);
    return (
        <div className="veil-card" data-lost="">
            <b>Disconnected since {clockText(since)}</b>
            <p>
                {isEmpty ? "The node does not answer." : "What is shown is old and cannot be changed."} Reconnecting
                <span aria-hidden="true"> … {durationText(now - since)}</span>
            </p>
            <Button onClick={() => node.reconnect()}>Try now</Button>
        </div>
    );
}
