// The master level: fader with the output's meter beside it, and a field to type into.
import { KeyboardEvent, PointerEvent, useEffect, useRef, useState } from "react";
import { useNode } from "../../node/store";
import { levelAt, placeOf } from "../taper";
import { levelText, parseLevel } from "./levelText";
import { levelNow, levelRange, setLevel, useWishedLevel } from "./output";
import { OutputMeter } from "./OutputMeter";

/** dB of one arrow key, of Page Up, and of one with Shift. */
const steps = { usual: 0.5, large: 5, fine: 0.1 };
const scale = [12, 0, -10, -20, -40];

export function MasterFader(): JSX.Element {
    const reported = useNode((state) => state.output?.levelDb);
    const wished = useWishedLevel();
    const level = wished ?? reported;
    const isKnown = level !== undefined;
    return (
        <div className="master" role="group" aria-label="Master level">
            <div className="master-fader">
                <FaderTrack level={level} />
                <div className="master-scale" aria-hidden="true">
                    {scale.map((mark) => (
                        <span key={mark} style={{ bottom: `${placeOf(mark) * 100}%` }}>
                            {mark > 0 ? `+${mark}` : mark === 0 ? "0" : `−${-mark}`}
                        </span>
                    ))}
                </div>
                <OutputMeter />
            </div>
            <LevelField level={level} disabled={!isKnown} />
        </div>
    );
}

function FaderTrack({ level }: { level: number | undefined }): JSX.Element {
    const track = useRef<HTMLDivElement>(null);
    const drag = useRef<{ y: number; place: number } | null>(null);
    const shown = level ?? 0;

    useEffect(() => {
        const element = track.current;
        if (element === null) return undefined;
        // React listens to wheels passively, and the page must not scroll here.
        const turn = (event: WheelEvent): void => {
            const present = levelNow();
            if (present === undefined || event.deltaY === 0) return;
            event.preventDefault();
            setLevel(present - Math.sign(event.deltaY) * (event.shiftKey ? steps.fine : steps.usual));
        };
        element.addEventListener("wheel", turn, { passive: false });
        return () => element.removeEventListener("wheel", turn);
    }, []);

    const begin = (event: PointerEvent<HTMLDivElement>): void => {
        if (event.button !== 0 || level === undefined) return;
        if (event.ctrlKey || event.metaKey) {
            setLevel(0);
            return;
        }
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { y: event.clientY, place: placeOf(level) };
    };
    const end = (): void => {
        drag.current = null;
    };
    // The fader follows the pointer's way, not its place: a click beside the knob makes nothing loud.
    const move = (event: PointerEvent<HTMLDivElement>): void => {
        // Let go where nobody told of it: outside of the window, or under a dialog of the system.
        if (event.buttons === 0) end();
        const height = track.current?.clientHeight ?? 0;
        if (drag.current === null || height === 0) return;
        const way = ((drag.current.y - event.clientY) / height) * (event.shiftKey ? 0.2 : 1);
        const place = Math.min(1, Math.max(0, drag.current.place + way));
        drag.current = { y: event.clientY, place: drag.current.place + way };
        setLevel(Math.round(levelAt(place) * 10) / 10);
    };
    const press = (event: KeyboardEvent): void => {
        const present = levelNow();
        if (present === undefined) return;
        const step = event.shiftKey ? steps.fine : steps.usual;
        const targets: Record<string, number> = {
            ArrowUp: present + step, ArrowRight: present + step, ArrowDown: present - step, ArrowLeft: present - step,
            PageUp: present + steps.large, PageDown: present - steps.large, Home: levelRange.min, End: 0,
        };
        if (!(event.key in targets) || event.altKey) return;
        event.preventDefault();
        setLevel(targets[event.key]);
    };

    return (
        <div
            ref={track}
            className="fader"
            role="slider"
            tabIndex={level === undefined ? -1 : 0}
            aria-label="Master level"
            aria-orientation="vertical"
            aria-valuemin={levelRange.min}
            aria-valuemax={levelRange.max}
            aria-valuenow={shown}
            aria-valuetext={level === undefined ? "unknown" : `${levelText(shown)} dB`}
            aria-disabled={level === undefined}
            title="Drag, wheel or arrow keys; Shift: fine; End, Ctrl-click or double-click: 0 dB; Home: silence"
            onPointerDown={begin}
            onPointerMove={move}
            onPointerUp={end}
            onPointerCancel={end}
            onLostPointerCapture={end}
            onDoubleClick={() => setLevel(0)}
            onKeyDown={press}
        >
            <div className="fader-groove" />
            <div className="fader-zero" style={{ bottom: `${placeOf(0) * 100}%` }} />
            <div className="fader-knob" style={{ bottom: `${placeOf(shown) * 100}%` }} />
        </div>
    );
}

function LevelField({ level, disabled }: { level: number | undefined; disabled: boolean }): JSX.Element {
    const [draft, setDraft] = useState<string | null>(null);
    const isBad = draft !== null && parseLevel(draft) === undefined;
    const take = (): void => {
        const typed = draft === null ? undefined : parseLevel(draft);
        if (typed !== undefined) setLevel(typed);
        setDraft(null);
    };
    return (
        <label className="master-value">
            <input
                type="text"
                inputMode="text"
                aria-label="Master level in dB"
                aria-invalid={isBad}
                disabled={disabled}
                value={draft ?? (level === undefined ? "" : levelText(level))}
                onFocus={(event) => event.currentTarget.select()}
                onChange={(event) => setDraft(event.currentTarget.value)}
                onBlur={take}
                onKeyDown={(event) => {
                    if (event.key === "Enter" && !isBad) {
                        take();
                        event.currentTarget.select();
                    } else if (event.key === "Escape" && draft !== null) {
                        event.preventDefault();
                        setDraft(null);
                    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && draft === null) {
                        event.preventDefault();
                        const step = event.shiftKey ? steps.fine : steps.usual;
                        setLevel((levelNow() ?? 0) + (event.key === "ArrowUp" ? step : -step));
                    }
                }}
            />
            <span>dB</span>
        </label>
    );
}
