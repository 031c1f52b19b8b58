// A dialog over the page: the keyboard stays in it, Esc closes it, and the focus goes back to where it was.
import { KeyboardEvent, ReactNode, useEffect, useId, useRef } from "react";
import { createPortal } from "react-dom";
import { onEscape } from "../frame/keys";
import { IconButton } from "./Button";
import "./dialog.css";

export interface DialogProps {
    title: string;
    onClose: () => void;
    children: ReactNode;
    /** buttons at the foot */
    actions?: ReactNode;
    /** pixels */
    width?: number;
    /** whether it can be closed without an answer */
    closable?: boolean;
}

const focusable = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), "
    + "[tabindex]:not([tabindex='-1'])";

export function Dialog({ title, onClose, children, actions, width = 480, closable = true }: DialogProps): JSX.Element {
    const box = useRef<HTMLDivElement>(null);
    const id = useId();
    const close = useRef(onClose);
    close.current = onClose;

    useEffect(() => {
        const before = document.activeElement;
        const wanted = box.current?.querySelector<HTMLElement>("[data-autofocus]")
            ?? box.current?.querySelector<HTMLElement>(`.dialog-body :is(${focusable}), .dialog-actions .primary`)
            ?? box.current;
        wanted?.focus();
        const forget = onEscape(() => {
            if (closable) close.current();
        });
        return () => {
            forget();
            if (before instanceof HTMLElement && before.isConnected) before.focus();
        };
    }, [closable]);

    return createPortal(
        <div
            className="veil"
            onPointerDown={(event) => {
                if (event.target === event.currentTarget && closable) onClose();
            }}
        >
            <div
                ref={box}
                className="dialog"
                role="dialog"
                aria-modal="true"
                aria-labelledby={id}
                tabIndex={-1}
                style={{ width }}
                onKeyDown={(event) => trap(event, box.current)}
            >
                <header>
                    <h2 id={id}>{title}</h2>
                    {closable && <IconButton label="Close" icon="close" onClick={onClose} />}
                </header>
                <div className="dialog-body">{children}</div>
                {actions !== undefined && <footer className="dialog-actions">{actions}</footer>}
            </div>
        </div>,
        document.body,
    );
}

function trap(event: KeyboardEvent, box: HTMLElement | null): void {
    if (event.key !== "Tab" || box === null) return;
    const inside = [...box.querySelectorAll<HTMLElement>(focusable)].filter((element) => element.offsetParent !== null);
    const first = inside[0];
    const last = inside[inside.length - 1];
    const active = document.activeElement;
    if (first === undefined) {
        event.preventDefault();
    } else if (event.shiftKey && (active === first || active === box)) {
        event.preventDefault();
        last.focus();
    } else if (!event.shiftKey && active === last) {
        event.preventDefault();
        first.focus();
    }
}
