// A field for a number with a unit.

import { ClipboardEvent, KeyboardEvent, PointerEvent, useId, useLayoutEffect, useRef, useState } from "react";

import { editText, formatQuantity, formatRange, inRange } from "./format";
import type { Law } from "./law";
import type { Quantity, Range, UnitContext } from "./quantity";
import { isSeveral } from "./spreadsheet";
import { examples, parseQuantity } from "./units";
import { useWheel } from "./wheel";

/** What a number field needs. */
export interface NumberFieldProps {
    /** For screen readers: what is set. */
    label: string;
    /** In the stored unit; undefined while it is not known. */
    value: number | undefined;
    quantity: Quantity;
    range: Range;
    law: Law;
    context: UnitContext;
    /** Takes a value in the range. */
    onChange: (value: number) => void;
    onDefault: () => void;
    /** Several cells were pasted: takes the whole text. */
    onPasteSeveral?: (text: string) => void;
    /** Modules that are edited together differ here. */
    mixed?: boolean;
    disabled?: boolean;
    id?: string;
}

/** A number that is typed with a unit, stepped with keys and wheel, and set to its default with Ctrl-click. */
export function NumberField(props: NumberFieldProps): JSX.Element {
    const { value, quantity, range, law, context } = props;
    const [draft, setDraft] = useState<string | null>(null);
    const [fault, setFault] = useState<string | null>(null);
    const [focused, setFocused] = useState(false);
    const isTyping = useRef(false);
    isTyping.current = draft !== null;
    const input = useRef<HTMLInputElement>(null);
    const faultId = useId();

    // Showing the text for typing has moved the cursor: selected at once, not even the fastest key is appended.
    useLayoutEffect(() => {
        if (focused && document.activeElement === input.current) input.current?.select();
    }, [focused]);

    const commit = (): number | null => {
        if (draft === null) return value ?? null;
        const parsed = parseQuantity(draft, quantity, context, value);
        const checked = parsed.ok ? inRange(parsed.value, range, quantity, context) : parsed;
        if (!checked.ok) {
            setFault(checked.reason);
            return null;
        }
        setDraft(null);
        setFault(null);
        if (checked.value !== value) props.onChange(checked.value);
        return checked.value;
    };
    const step = (steps: number, fine: boolean): void => {
        const from = commit();
        if (from === null) return;
        const next = law.step(from, steps, fine);
        if (next !== from) props.onChange(next);
    };
    const forget = (): void => {
        setDraft(null);
        setFault(null);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
        const steps = stepsOfKey(event.key);
        if (steps !== 0 && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            step(steps, event.shiftKey);
        } else if (event.key === "Enter") {
            event.preventDefault();
            if (commit() !== null) requestAnimationFrame(() => input.current?.select());
        } else if (event.key === "Escape" && draft !== null) {
            event.preventDefault();
            forget();
            requestAnimationFrame(() => input.current?.select());
        }
    };
    const onPointerDown = (event: PointerEvent): void => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        if (props.disabled) return;
        forget();
        props.onDefault();
    };
    const onPaste = (event: ClipboardEvent): void => {
        const text = event.clipboardData.getData("text");
        if (!props.onPasteSeveral || !isSeveral(text)) return;
        event.preventDefault();
        forget();
        props.onPasteSeveral(text);
    };
    useWheel(input, (steps, fine) => step(steps, fine), () => focused && !props.disabled);

    const known = value !== undefined;
    const shown = known ? formatQuantity(value, quantity, context) : "";
    const text = draft ?? (!known ? "" : focused ? editText(value, quantity, context) : shown);
    const mixed = props.mixed === true && draft === null && !focused;
    return (
        <span className={`number-field${fault ? " faulty" : ""}`}>
            <input
                ref={input}
                id={props.id}
                type="text"
                role="spinbutton"
                data-typing={draft === null ? undefined : ""}
                inputMode="text"
                autoComplete="off"
                spellCheck={false}
                aria-label={props.label}
                aria-valuenow={known ? value : undefined}
                aria-valuetext={mixed ? `mixed, first ${shown}` : shown}
                aria-valuemin={range.min}
                aria-valuemax={range.max}
                aria-invalid={fault !== null}
                aria-describedby={fault ? faultId : undefined}
                title={`${props.label}: ${formatRange(range, quantity, context)}. ${examples(quantity)}`}
                className={mixed ? "mixed" : undefined}
                disabled={props.disabled || !known}
                value={text}
                onChange={(event) => {
                    setDraft(event.target.value);
                    setFault(null);
                }}
                onFocus={(event) => {
                    setFocused(true);
                    const field = event.target;
                    requestAnimationFrame(() => {
                        if (document.activeElement === field && !isTyping.current) field.select();
                    });
                }}
                onBlur={() => {
                    setFocused(false);
                    commit();
                }}
                onKeyDown={onKeyDown}
                onPointerDown={onPointerDown}
                onPaste={onPaste}
            />
            {fault && <span id={faultId} className="number-fault" role="alert">{fault}</span>}
        </span>
    );
}

/** Steps that a key stands for: arrows one, Page Up and Down ten. */
export function stepsOfKey(key: string): number {
    switch (key) {
        case "ArrowUp": return 1;
        case "ArrowDown": return -1;
        case "PageUp": return 10;
        case "PageDown": return -10;
        default: return 0;
    }
}
