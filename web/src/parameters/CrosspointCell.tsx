// One crosspoint of a matrix.

import { PointerEvent, useRef } from "react";

import { useValue } from "../node/store";
import { setKeys } from "./changes";
import type { PanelParameter } from "./edited";
import { formatQuantity } from "./format";
import { defaultAt, keyOf } from "./keys";
import { Range, silenceDb, UnitContext } from "./quantity";
import { shortTitleOf, titleOf } from "./titles";
import { useWheel } from "./wheel";

/** What a cell needs. */
export interface CrosspointCellProps {
    level: PanelParameter;
    switches: PanelParameter[];
    row: number;
    column: number;
    context: UnitContext;
    disabled?: boolean;
    isChosen: boolean;
    /** "In 1 to Out 2" */
    name: string;
    onChoose: () => void;
}

interface Drag {
    pointer: number;
    from: number;
    position: number;
    moved: boolean;
    fine: boolean;
}

/** Movement in pixels that makes a click a drag. */
const threshold = 4;
/** Way of a drag over the whole range, in pixels. */
const wholeWay = 240;

/** What a click makes of a level: off, or 0 dB. */
export function mayToggle(value: number, range: Range): number {
    return value > range.min ? range.min : Math.min(Math.max(0, range.min), range.max);
}

/** A cell with its level; click, drag and wheel. */
export function CrosspointCell(props: CrosspointCellProps): JSX.Element {
    const { level, row, column, context, disabled, switches } = props;
    const { instances, law, range, quantity, schema } = level;
    const key = keyOf(schema.name, row, column);
    const text = useValue(instances[0], key);
    const first = useSwitch(switches[0], row, column);
    const second = useSwitch(switches[1], row, column);
    const pressed = switches.filter((_, index) => (index === 0 && first) || (index === 1 && second));
    const marks = pressed.map((parameter) => parameter.schema.name);
    const cell = useRef<HTMLTableCellElement>(null);
    const drag = useRef<Drag | null>(null);
    const value = text === undefined ? range.min : Number(text);
    const isOff = value <= Math.max(range.min, silenceDb);
    const set = (next: number): void => {
        if (next !== value) setKeys(instances, { [key]: next });
    };
    useWheel(cell, (steps, fine) => {
        props.onChoose();
        set(law.step(value, steps, fine));
    }, () => !disabled);

    const onPointerDown = (event: PointerEvent<HTMLTableCellElement>): void => {
        if (event.button !== 0) return;
        props.onChoose();
        if (disabled) return;
        if (event.ctrlKey || event.metaKey) {
            set(Number(defaultAt(schema, [row, column])));
            return;
        }
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = {
            pointer: event.pointerId, from: event.clientY, position: law.position(value), moved: false,
            fine: event.shiftKey,
        };
    };
    const onPointerMove = (event: PointerEvent): void => {
        const now = drag.current;
        if (!now || now.pointer !== event.pointerId) return;
        const way = now.from - event.clientY;
        if (!now.moved && Math.abs(way) < threshold) return;
        const to = Math.min(Math.max(now.position + way / wholeWay / (now.fine ? 10 : 1), 0), 1);
        drag.current = event.shiftKey === now.fine
            ? { ...now, moved: true }
            : { ...now, moved: true, from: event.clientY, position: to, fine: event.shiftKey };
        set(law.value(to, event.shiftKey));
    };
    const onPointerUp = (event: PointerEvent): void => {
        const now = drag.current;
        if (!now || now.pointer !== event.pointerId) return;
        drag.current = null;
        if (!now.moved) set(mayToggle(value, range));
    };
    const shown = formatQuantity(value, quantity, context);
    const title = `${props.name}: ${isOff ? "off" : shown}`;
    const isMuted = marks.includes("mute");
    const classes = ["crosspoint", isOff ? "off" : "", isMuted ? "muted" : "", value > 0 ? "boosted" : ""];
    return (
        <td
            ref={cell}
            role="gridcell"
            data-at={`${row} ${column}`}
            className={classes.filter((name) => name !== "").join(" ")}
            tabIndex={props.isChosen ? 0 : -1}
            aria-selected={props.isChosen}
            aria-label={[title, ...marks.map((mark) => titleOf(mark).toLowerCase())].join(", ")}
            title={title}
            onFocus={props.onChoose}
            onPointerDown={onPointerDown}
            onPointerMove={onPointerMove}
            onPointerUp={onPointerUp}
            onPointerCancel={() => {
                drag.current = null;
            }}
        >
            <span className="crosspoint-level">{isOff ? "·" : shown.replace(` ${quantity.unit}`, "")}</span>
            {marks.length > 0 && <span className="crosspoint-marks">{marks.map(shortTitleOf).join("")}</span>}
        </td>
    );
}

function useSwitch(parameter: PanelParameter | undefined, row: number, column: number): boolean {
    const text = useValue(parameter?.instances[0] ?? "", parameter ? keyOf(parameter.schema.name, row, column) : "");
    return text === "true";
}
