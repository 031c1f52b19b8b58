// A/B: two sets of all values, one key to go from one to the other.

import { useEffect } from "react";

import { Icon } from "../controls/Icon";
import { MenuButton } from "../controls/Menu";
import { registerKeys } from "../frame/ui";
import { node, useNode } from "../node/store";
import "./compare.css";

type Slot = "a" | "b";

const slots: Slot[] = ["a", "b"];

function other(slot: Slot): Slot {
    return slot === "a" ? "b" : "a";
}

/** Where the node is asked to go; it measures loudness first, and a second press meanwhile goes back. */
let wished: Slot | undefined;

/** Goes over to a slot; the present values stay in the one that is left. */
function select(slot: Slot): void {
    if ((wished ?? node.getState().compare?.active) === slot) return;
    wished = slot;
    void node.ask({ type: "compare_select", slot }).then(() => {
        if (wished === slot) wished = undefined;
    });
}

function toggle(): void {
    const compare = node.getState().compare;
    if (compare) select(other(wished ?? compare.active));
}

/** Pause after the last change before the differences are asked for again, ms. */
const pause = 250;

/** The node tells of the slots when they are changed; with every other change their differences are asked for. */
function useFreshDifferences(): void {
    const history = useNode((state) => state.history[0]);
    const isKnown = useNode((state) => state.connection === "open" && state.compare !== null);
    useEffect(() => {
        if (!isKnown) return undefined;
        const timer = setTimeout(() => {
            // Whoever loses the connection now reads everything again later.
            node.connection.request({ type: "get_compare" }).catch(() => undefined);
        }, pause);
        return () => clearTimeout(timer);
    }, [history, isKnown]);
}

/** A small bar: the slots, their differences, and whether loudness is matched. */
export function ComparePane(): JSX.Element {
    const compare = useNode((state) => state.compare);
    const output = useNode((state) => state.output);
    const isMissing = useNode((state) => state.missing.includes("get_compare"));
    useEffect(() => registerKeys("global", { b: { title: "Go over between A and B", run: toggle } }), []);
    useFreshDifferences();
    const active = compare?.active ?? "a";
    const isOff = !compare;
    const differences = compare?.differences ?? 0;
    return (
        <div
            className="compare" role="group" aria-label="Compare A and B"
            title={isMissing ? "This node is too old to compare" : undefined}
        >
            <div className="compare-slots" role="radiogroup" aria-label="Values that play">
                {slots.map((slot) => (
                    <button
                        key={slot} type="button" role="radio" aria-checked={!isOff && active === slot} disabled={isOff}
                        tabIndex={active === slot ? 0 : -1}
                        title={`Play ${slot.toUpperCase()} (key: b)`}
                        onClick={() => select(slot)}
                        onKeyDown={(event) => {
                            if (!event.key.startsWith("Arrow")) return;
                            event.preventDefault();
                            const next = other(slot);
                            select(next);
                            const row = event.currentTarget.parentElement;
                            const buttons = row?.querySelectorAll<HTMLElement>("[role=radio]");
                            buttons?.[slots.indexOf(next)]?.focus();
                        }}
                    >
                        {slot.toUpperCase()}
                    </button>
                ))}
            </div>
            <MenuButton
                label="Copy between A and B" className="icon-button" disabled={isOff}
                items={[
                    { title: "Copy A over B", run: () => void node.ask({ type: "compare_copy", from: "a" }) },
                    { title: "Copy B over A", run: () => void node.ask({ type: "compare_copy", from: "b" }) },
                ]}
            >
                <Icon name="copy" />
            </MenuButton>
            <p className="compare-state" role="status">
                {isOff ? "No comparison" : countText(differences)}
                {!isOff && output && <><br />{output.matched ? `matched ${matchText(compare.matchDb)}`
                    : "not matched"}</>}
            </p>
        </div>
    );
}

function countText(differences: number): string {
    return differences === 0 ? "no differences" : differences === 1 ? "1 difference" : `${differences} differences`;
}

/** What loudness matching adds at present. */
function matchText(level: number): string {
    const shown = Math.abs(level).toFixed(1);
    return `${shown === "0.0" ? "" : level > 0 ? "+" : "−"}${shown} dB`;
}
