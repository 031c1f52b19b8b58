import { KeyboardEvent, PointerEvent, useEffect, useRef, useState } from "react";
import { onFrame } from "../frame/loop";
import { useNode } from "../node/store";
import { positionNow, seek } from "./actions";
import { seekStep } from "./position";
import { SeekDrag } from "./seekDrag";
import { parseTime, timeText } from "./timeText";

/** Where the source is: to be dragged, stepped by keys and typed. */
export function SeekBar(): JSX.Element {
    const durationMs = useNode((state) => state.transport?.durationMs ?? 0);
    const isSeekable = useNode((state) => (state.transport?.seekable ?? false) && state.transport?.running === true);
    const bar = useRef<HTMLDivElement>(null);
    const fill = useRef<HTMLDivElement>(null);
    const [held] = useState(() => new SeekDrag());
    const [wholeMs, setWholeMs] = useState(0);

    useEffect(() => onFrame((now) => {
        const position = held.position ?? positionNow(now);
        const part = durationMs > 0 ? Math.min(1, position / durationMs) : 0;
        if (fill.current) fill.current.style.transform = `scaleX(${part})`;
        // The rest of the page learns of whole tenths only.
        setWholeMs(Math.floor((position + 0.5) / 100) * 100);
    }), [held, durationMs]);

    const positionOf = (event: PointerEvent) => {
        const at = (bar.current as HTMLElement).getBoundingClientRect();
        return Math.min(1, Math.max(0, (event.clientX - at.left) / at.width)) * Math.max(0, durationMs - 1);
    };
    const press = (event: PointerEvent<HTMLDivElement>) => {
        if (event.button !== 0 || !isSeekable || durationMs <= 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        held.press(positionOf(event));
    };
    const release = () => {
        const position = held.release();
        if (position !== null) void seek(position).finally(() => held.settle(position));
    };
    const step = (event: KeyboardEvent<HTMLDivElement>) => {
        if (!isSeekable || event.ctrlKey || event.altKey || event.metaKey) return;
        const position = seekStep(event.key, positionNow(performance.now()), durationMs, event.shiftKey);
        if (position === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        void seek(position);
    };

    return (
        <>
            <TimeField positionMs={wholeMs} isSeekable={isSeekable} durationMs={durationMs} />
            <div
                ref={bar} id="seek-bar" className="seek-bar" role="slider" tabIndex={isSeekable ? 0 : -1}
                aria-label="Position" aria-valuemin={0} aria-valuemax={Math.round(durationMs / 1000)}
                aria-valuenow={Math.round(wholeMs / 1000)}
                aria-valuetext={durationMs > 0 ? `${timeText(wholeMs)} of ${timeText(durationMs)}` : timeText(wholeMs)}
                aria-disabled={!isSeekable}
                onPointerDown={press} onPointerMove={(event) => held.move(positionOf(event))} onPointerUp={release}
                onPointerCancel={() => held.cancel()} onKeyDown={step}
            >
                <div className="seek-track"><div ref={fill} className="seek-fill" /></div>
            </div>
            <span className="duration" title={durationMs > 0 ? "Length" : "This source has no end"}>
                {durationMs > 0 ? timeText(durationMs) : "endless"}
            </span>
        </>
    );
}

/** The position as text; a typed one is gone to. */
function TimeField({ positionMs, isSeekable, durationMs }: {
    positionMs: number;
    isSeekable: boolean;
    durationMs: number;
}): JSX.Element {
    const [typed, setTyped] = useState<string | null>(null);
    const wanted = typed === null ? undefined : parseTime(typed);
    const isFault = typed !== null && (wanted === undefined || (durationMs > 0 && wanted > durationMs));
    return (
        <input
            type="text" id="transport-time" className="time-field" aria-label="Position, minutes:seconds"
            title="Type a position, such as 1:23 or 83" disabled={!isSeekable} aria-invalid={isFault}
            value={typed ?? timeText(positionMs, true)}
            onFocus={(event) => {
                setTyped(timeText(positionMs));
                const field = event.currentTarget;
                requestAnimationFrame(() => field.select());
            }}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => setTyped(null)}
            onKeyDown={(event) => {
                if (event.key !== "Enter" || wanted === undefined || isFault) return;
                void seek(Math.min(wanted, Math.max(0, durationMs - 1)));
                event.currentTarget.blur();
            }}
        />
    );
}
