import { useState } from "react";
import { createPortal } from "react-dom";
import type { Point } from "./chain/modules";
import { useBox } from "./useBox";

export interface AskBoxProps {
    title: string;
    value: string;
    placeholder?: string;
    at: Point;
    /** Why a text cannot be taken; undefined when it can. */
    refusal?: (text: string) => string | undefined;
    onAnswer: (text: string) => void;
    onClose: () => void;
}

/** A box for one text: Enter takes it, Esc and pressing elsewhere do not. */
export function AskBox({ title, value, placeholder, at, refusal, onAnswer, onClose }: AskBoxProps): JSX.Element {
    const [text, setText] = useState(value);
    const { ref, place } = useBox<HTMLFormElement>(at, undefined, onClose);
    const reason = refusal?.(text);

    return createPortal(
        <form
            ref={ref}
            className="flow-ask"
            style={place}
            aria-label={title}
            onSubmit={(event) => {
                event.preventDefault();
                if (reason !== undefined) return;
                onClose();
                onAnswer(text);
            }}
        >
            <label>
                {title}
                <input
                    type="text"
                    value={text}
                    placeholder={placeholder}
                    maxLength={80}
                    spellCheck={false}
                    autoComplete="off"
                    aria-invalid={reason !== undefined}
                    onChange={(event) => setText(event.target.value)}
                />
            </label>
            {reason !== undefined && <p role="alert">{reason}</p>}
        </form>,
        document.body,
    );
}
