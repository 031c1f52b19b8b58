// A short tour for the first visit. It can be ended at any step, and started again from the strip or the key help.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Button } from "../../controls/Button";
import { useNode } from "../../node/store";
import { showDialog, useDialog } from "../dialogs";
import { onEscape } from "../keys";
import { readStored, writeStored } from "../storage";
import { ui } from "../ui";
import { Box, cardPlace } from "./tourPlace";
import { tourSteps } from "./tourSteps";

const key = "soundpost.tour";

export function Tour(): JSX.Element | null {
    const isShown = useDialog() === "tour";
    const isReady = useNode((state) => state.connection === "open" && state.link !== null);
    useEffect(() => {
        if (isReady && readStored(key) !== "seen") showDialog("tour");
    }, [isReady]);
    return isShown ? <TourCard /> : null;
}

function end(): void {
    writeStored(key, "seen");
    showDialog(null);
}

function boxOf(selector: string): Box | null {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    return box === undefined ? null : { left: box.left, top: box.top, width: box.width, height: box.height };
}

function TourCard(): JSX.Element {
    const [index, setIndex] = useState(0);
    const [hole, setHole] = useState<Box | null>(null);
    const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
    const card = useRef<HTMLDivElement>(null);
    const next = useRef<HTMLButtonElement>(null);
    const step = tourSteps[index];
    const isLast = index === tourSteps.length - 1;

    useEffect(() => {
        const before = document.activeElement;
        const forget = onEscape(end);
        return () => {
            forget();
            if (before instanceof HTMLElement && before.isConnected) before.focus();
        };
    }, []);

    useLayoutEffect(() => {
        if (step.pane !== undefined) ui.open(step.pane);
        const look = (): void => {
            const box = boxOf(step.target);
            const size = card.current?.getBoundingClientRect();
            setHole(box);
            if (size === undefined) return;
            const view = { width: innerWidth, height: innerHeight };
            setPlace(cardPlace(box ?? { left: 0, top: 0, ...view }, size, view));
        };
        // Once for the present picture, once when the pane has been opened.
        look();
        const frame = requestAnimationFrame(look);
        window.addEventListener("resize", look);
        return () => {
            cancelAnimationFrame(frame);
            window.removeEventListener("resize", look);
        };
    }, [step]);

    // What is hidden takes no focus, and the card is hidden until it has a place.
    const isPlaced = place !== null;
    useEffect(() => {
        if (isPlaced) next.current?.focus();
    }, [step, isPlaced]);

    const go = (to: number): void => {
        if (to >= tourSteps.length) end();
        else setIndex(Math.max(0, to));
    };
    return createPortal(
        <div className="tour-veil">
            {hole !== null && <div className="tour-hole" style={hole} />}
            <div
                ref={card}
                className="tour-card"
                role="dialog"
                aria-label={`Tour, step ${index + 1} of ${tourSteps.length}: ${step.title}`}
                aria-describedby="tour-text"
                style={place ?? { opacity: 0 }}
                onKeyDown={(event) => {
                    if (event.key === "ArrowRight") go(index + 1);
                    else if (event.key === "ArrowLeft") go(index - 1);
                    else return;
                    event.preventDefault();
                }}
            >
                <h2>{step.title}</h2>
                <p id="tour-text" aria-live="polite">{step.text}</p>
                <footer>
                    <span className="dim">{index + 1} of {tourSteps.length}</span>
                    {!isLast && <Button kind="quiet" onClick={end}>Skip</Button>}
                    {index > 0 && <Button onClick={() => go(index - 1)}>Back</Button>}
                    <button ref={next} type="button" className="button primary" onClick={() => go(index + 1)}>
                        {isLast ? "Done" : "Next"}
                    </button>
                </footer>
            </div>
        </div>,
        document.body,
    );
}
