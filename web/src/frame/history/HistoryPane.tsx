// What was changed, by whom, when; and the way back.
import { useState } from "react";
import { Button } from "../../controls/Button";
import { Icon, IconName } from "../../controls/Icon";
import { node, useNode } from "../../node/store";
import type { HistoryEntry } from "../../node/types";
import { notify } from "../notices";
import { clockText, dayText } from "../timeText";
import { Offer, offerFor, travelTo } from "./steps";
import { useEntries } from "./useEntries";
import "./history.css";

const pageLength = 200;
const icons: Record<string, IconName> = { parameters: "settings", chain: "module", preset: "folder", profile: "folder" };

export function HistoryPane(): JSX.Element {
    const { history, clientName, canUndo, canRedo } = useNode((state) => ({
        history: state.history, clientName: state.clientName, canUndo: state.canUndo, canRedo: state.canRedo,
    }));
    const { entries, isAll, take } = useEntries();
    const [wanted, setWanted] = useState("");
    const [onlyOwn, setOnlyOwn] = useState(false);
    const [chosen, setChosen] = useState<number | null>(null);
    const words = wanted.toLowerCase();
    const shown = entries.filter((entry) => (!onlyOwn || entry.client === clientName)
        && `${entry.title} ${entry.client}`.toLowerCase().includes(words));

    const loadOlder = async (): Promise<void> => {
        const before = entries[entries.length - 1]?.id;
        const answer = await node.ask<{ entries: HistoryEntry[] }>({ type: "get_history", limit: pageLength, before });
        if (answer !== null) take(answer.entries, answer.entries.length < pageLength);
    };

    if (history.length === 0) {
        return (
            <div className="empty">
                <strong>Nothing was changed yet.</strong>
                <p>Every change of a value, of the chain or of a preset will stand here with its author, and Ctrl-Z takes your own back.</p>
            </div>
        );
    }
    return (
        <>
            <div className="toolbar">
                <Button icon="undo" disabled={!canUndo} title="Ctrl-Z" onClick={() => void node.undo()}>Undo</Button>
                <Button icon="redo" disabled={!canRedo} title="Ctrl-Shift-Z" onClick={() => void node.redo()}>Redo</Button>
                <label className="field">
                    <input type="checkbox" checked={onlyOwn} onChange={(event) => setOnlyOwn(event.currentTarget.checked)} />
                    Only mine
                </label>
                <span className="stretch" />
                <input
                    type="search" placeholder="Search history" aria-label="Search history" value={wanted}
                    onChange={(event) => setWanted(event.currentTarget.value)}
                />
            </div>
            <div className="scroll">
                <ol className="history" aria-label="Changes, the newest first">
                    {shown.map((entry, index) => {
                        const day = dayText(entry.timestamp, Date.now());
                        const isFirst = index === 0 || dayText(shown[index - 1].timestamp, Date.now()) !== day;
                        return (
                            <Entry
                                key={entry.id}
                                entry={entry}
                                day={isFirst ? day : undefined}
                                isOwn={entry.client === clientName}
                                isChosen={chosen === entry.id}
                                offer={chosen === entry.id ? offerFor(entry, entries, clientName, canRedo) : undefined}
                                onStep={(made) => take([made])}
                                onChoose={() => setChosen(chosen === entry.id ? null : entry.id)}
                            />
                        );
                    })}
                </ol>
                {shown.length === 0 && <p className="history-none dim">No change fits “{wanted}”.</p>}
                {!isAll && history.length >= pageLength && (
                    <p className="history-none"><Button onClick={() => void loadOlder()}>Show older changes</Button></p>
                )}
            </div>
        </>
    );
}

function Entry({ entry, day, isOwn, isChosen, offer, onStep, onChoose }: {
    entry: HistoryEntry;
    day: string | undefined;
    isOwn: boolean;
    isChosen: boolean;
    offer: Offer | undefined;
    onStep: (made: HistoryEntry) => void;
    onChoose: () => void;
}): JSX.Element {
    return (
        <li className={entry.undone ? "undone" : undefined}>
            {day !== undefined && <h3>{day}</h3>}
            <button type="button" className="history-entry" aria-expanded={isChosen} onClick={onChoose}>
                <Icon name={icons[entry.kind] ?? "edit"} size={14} />
                <time dateTime={new Date(entry.timestamp).toISOString()}>{clockText(entry.timestamp)}</time>
                <span className={isOwn ? "who own" : "who"}>{isOwn ? "You" : entry.client}</span>
                <span className="what">{entry.title}</span>
                {entry.undone && <span className="mark">taken back</span>}
            </button>
            {offer !== undefined && <OfferRow entry={entry} offer={offer} onStep={onStep} />}
        </li>
    );
}

function changes(count: number): string {
    return count === 1 ? "this change" : `${count} changes of yours, up to this one`;
}

function OfferRow({ entry, offer, onStep }: {
    entry: HistoryEntry;
    offer: Offer;
    onStep: (made: HistoryEntry) => void;
}): JSX.Element {
    const travel = async (way: "undo" | "redo"): Promise<void> => {
        const count = await travelTo(entry, way, async (type) => {
            const step = await node.step(type);
            if (step) onStep(step);
            return step;
        });
        const verb = way === "undo" ? "taken back" : "made again";
        if (count > 0) notify("info", `${count} ${count === 1 ? "change" : "changes"} ${verb}.`);
        else notify("info", "Nothing of it was left: somebody has changed the same since.");
        node.readHistory();
    };
    return (
        <div className="history-offer">
            {offer.type === "undo" && (
                <>
                    <Button icon="undo" onClick={() => void travel("undo")}>Take back {changes(offer.count)}</Button>
                    <span className="dim">What others have changed since stays as it is.</span>
                </>
            )}
            {offer.type === "redo" && <Button icon="redo" onClick={() => void travel("redo")}>Make {changes(offer.count)} again</Button>}
            {offer.type === "foreign" && (
                <span className="dim">Made by {entry.client}. Everybody takes back their own changes; you can set the value anew.</span>
            )}
            {offer.type === "gone" && (
                <span className="dim">Taken back, and something new was changed afterwards: it cannot be made again.</span>
            )}
        </div>
    );
}
