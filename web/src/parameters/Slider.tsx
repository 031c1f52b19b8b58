// A slider with a law: level taper, logarithmic frequencies.

import { CSSProperties, KeyboardEvent, PointerEvent, useRef } from "react";

import { formatQuantity } from "./format";
import type { Law } from "./law";
import { stepsOfKey } from "./NumberField";
import type { Quantity, UnitContext } from "./quantity";
import { useWheel } from "./wheel";

/** What a slider needs. */
export interface SliderProps {
    label: string;
    /** In the stored unit. */
    value: number | undefined;
    quantity: Quantity;
    law: Law;
    context: UnitContext;
    vertical?: boolean;
    disabled?: boolean;
    /** Value that a mark stands at. */
    mark?: number;
    /** A movement begins: differences of linked values are taken from here. */
    onStart?: () => void;
    onChange: (value: number) => void;
    /** The movement is over. */
    onEnd?: () => void;
    onDefault: () => void;
}

interface Drag {
    pointer: number;
    /** Along the way, in pixels. */
    from: number;
    position: number;
    fine: boolean;
}

/** Drag, wheel, arrows, Page Up and Down, Home and End; Shift is fine; double-click or Ctrl-click is the default. */
export function Slider(props: SliderProps): JSX.Element {
    const { value, law, quantity, context, vertical = false, disabled = false } = props;
    const element = useRef<HTMLDivElement>(null);
    const drag = useRef<Drag | null>(null);
    const isOff = disabled || value === undefined;
    const position = value === undefined ? 0 : law.position(value);

    const single = (next: number): void => {
        if (next === value) return;
        props.onStart?.();
        props.onChange(next);
        props.onEnd?.();
    };
    useWheel(element, (steps, fine) => single(law.step(value ?? 0, steps, fine)), () => !isOff);

    const along = (event: PointerEvent): number => (vertical ? -event.clientY : event.clientX);
    const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
        if (isOff || event.button !== 0) return;
        element.current?.focus();
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) {
            props.onDefault();
            return;
        }
        const box = event.currentTarget.getBoundingClientRect();
        const length = way(box, vertical);
        const inside = vertical ? box.bottom - event.clientY : event.clientX - box.left;
        const pressed = (inside - thumb / 2) / length;
        event.currentTarget.setPointerCapture(event.pointerId);
        props.onStart?.();
        let from = position;
        // A press beside the thumb goes there, but never with a level: that would be a leap in loudness.
        if (quantity.kind !== "level" && Math.abs(pressed - position) * length > thumb && !event.shiftKey) {
            from = Math.min(Math.max(pressed, 0), 1);
            props.onChange(law.value(from));
        }
        drag.current = { pointer: event.pointerId, from: along(event), position: from, fine: event.shiftKey };
    };
    const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
        const now = drag.current;
        if (!now || event.pointerId !== now.pointer) return;
        const length = way(event.currentTarget.getBoundingClientRect(), vertical);
        const moved = (along(event) - now.from) / length / (now.fine ? 10 : 1);
        const to = Math.min(Math.max(now.position + moved, 0), 1);
        if (event.shiftKey !== now.fine) {
            drag.current = { ...now, from: along(event), position: to, fine: event.shiftKey };
        }
        const next = law.value(to, event.shiftKey);
        if (next !== value) props.onChange(next);
    };
    const end = (event: PointerEvent): void => {
        if (drag.current?.pointer !== event.pointerId) return;
        drag.current = null;
        props.onEnd?.();
    };
    const onKeyDown = (event: KeyboardEvent): void => {
        if (isOff || event.ctrlKey || event.metaKey || event.altKey) return;
        const arrow = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : stepsOfKey(event.key);
        let next: number | null = arrow === 0 ? null : law.step(value ?? 0, arrow, event.shiftKey);
        if (event.key === "Home") next = law.range.min;
        if (event.key === "End") next = law.range.max;
        if (next === null) {
            if (event.key === "Delete" || event.key === "Backspace") props.onDefault();
            else return;
        } else {
            single(next);
        }
        event.preventDefault();
    };
    const style = { "--at": position, "--mark": props.mark === undefined ? undefined : law.position(props.mark) };
    return (
        <div
            ref={element}
            className={`value-slider${vertical ? " vertical" : ""}${isOff ? " off" : ""}`}
            style={style as CSSProperties}
            role="slider"
            tabIndex={isOff ? -1 : 0}
            aria-label={props.label}
            aria-orientation={vertical ? "vertical" : "horizontal"}
            aria-valuemin={law.range.min}
            aria-valuemax={law.range.max}
            aria-valuenow={value}
            aria-valuetext={value === undefined ? "unknown" : formatQuantity(value, quantity, context)}
            aria-disabled={isOff}
            title="Drag or wheel; Shift: fine; double-click or Ctrl-click: default"
            onPointerDown={onPointerDown}
            onPointerMove={onPointerMove}
            onPointerUp={end}
            onPointerCancel={end}
            onLostPointerCapture={end}
            onDoubleClick={() => {
                if (!isOff) props.onDefault();
            }}
            onKeyDown={onKeyDown}
        >
            <span className="value-slider-track" />
            <span className="value-slider-fill" />
            {props.mark !== undefined && <span className="value-slider-mark" />}
            <span className="value-slider-thumb" />
        </div>
    );
}

/** Length of the thumb along the way, in pixels; the style sheet's --thumb is the same. */
const thumb = 16;

function way(box: DOMRect, vertical: boolean): number {
    return Math.max((vertical ? box.height : box.width) - thumb, 1);
}
