import { useEffect, useId, useMemo, useState } from "react";
import type { KeyboardEvent } from "react";
import { createPortal } from "react-dom";
import type { Point } from "./chain/modules";
import { fuzzySearch } from "./fuzzy";
import { useBox } from "./useBox";

/** One thing to choose. */
export interface Choice {
    id: string;
    title: string;
    /** Beside the title, dim. */
    detail?: string;
    /** Further words it is found by. */
    words?: string;
    /** Custom property with the colour of its mark. */
    colour?: string;
    /** Why it cannot be chosen. */
    refusal?: string;
    /** A heading above the first of those that have the same. */
    section?: string;
}

function mayBeChosen(choice: Choice): boolean {
    return choice.refusal === undefined;
}

function beginsSection(choice: Choice, before: Choice | undefined): boolean {
    return choice.section !== undefined && choice.section !== before?.section;
}

export interface PickBoxProps {
    title: string;
    placeholder: string;
    choices: Choice[];
    /** Where on the window its upper left corner should be. */
    at: Point;
    /** Says below what choosing will do. */
    hint?: string;
    empty: string;
    onPick: (choice: Choice, isShifted: boolean) => void;
    onClose: () => void;
}

/** A box to choose from by typing: arrow keys, Enter, Esc. */
export function PickBox({ title, placeholder, choices, at, hint, empty, onPick, onClose }: PickBoxProps): JSX.Element {
    const [query, setQuery] = useState("");
    const [index, setIndex] = useState(0);
    const id = useId();
    const found = useMemo(() => {
        const texts = (choice: Choice) => [choice.title, choice.id, `${choice.detail ?? ""} ${choice.words ?? ""}`];
        const fitting = fuzzySearch(query, choices, texts);
        if (query === "") return fitting;
        return [...fitting.filter(mayBeChosen), ...fitting.filter((each) => !mayBeChosen(each))];
    }, [query, choices]);
    const chosen = found[Math.min(index, found.length - 1)];
    const { ref, place } = useBox<HTMLDivElement>(at, found.length, onClose);

    useEffect(() => {
        ref.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    }, [ref, index, query]);

    const pick = (choice: Choice | undefined, isShifted: boolean) => {
        if (!choice || choice.refusal !== undefined) return;
        onClose();
        onPick(choice, isShifted);
    };
    const key = (event: KeyboardEvent) => {
        const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
        const step = steps[event.key];
        if (step !== undefined && found.length) {
            const next = Math.abs(step) === 1 ? (index + step + found.length) % found.length : index + step;
            setIndex(Math.max(0, Math.min(found.length - 1, next)));
        } else if (event.key === "Enter") {
            pick(chosen, event.shiftKey);
        } else if (event.key === "Tab") {
            onClose();
        } else {
            return;
        }
        event.preventDefault();
    };

    return createPortal(
        <div ref={ref} className="flow-pick" style={place} role="dialog" aria-label={title}>
            <input
                type="text"
                role="combobox"
                aria-label={title}
                aria-expanded="true"
                aria-controls={id}
                aria-activedescendant={chosen ? `${id}-${found.indexOf(chosen)}` : undefined}
                placeholder={placeholder}
                spellCheck={false}
                autoComplete="off"
                value={query}
                onChange={(event) => {
                    setQuery(event.target.value);
                    setIndex(0);
                }}
                onKeyDown={key}
            />
            <div id={id} role="listbox" aria-label={title} className="flow-pick-list">
                {found.map((choice, at) => (
                    <div
                        key={choice.id}
                        id={`${id}-${at}`}
                        role="option"
                        aria-selected={choice === chosen}
                        aria-disabled={choice.refusal !== undefined}
                        className={beginsSection(choice, found[at - 1]) ? "first" : ""}
                        data-section={choice.section}
                        onPointerMove={() => setIndex(at)}
                        onClick={(event) => pick(choice, event.shiftKey)}
                    >
                        {choice.colour !== undefined && <i style={{ background: `var(${choice.colour})` }} />}
                        <span className="flow-pick-title">{choice.title}</span>
                        <span className="flow-pick-detail">{choice.refusal ?? choice.detail}</span>
                    </div>
                ))}
                {!found.length && <p className="flow-pick-empty">{empty}</p>}
            </div>
            {hint !== undefined && <p className="flow-pick-hint">{hint}</p>}
        </div>,
        document.body,
    );
}
