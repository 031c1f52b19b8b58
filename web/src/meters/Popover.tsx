import { ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Icon, IconName } from "../controls/Icon";
import { onEscape } from "../frame/keys";
import "./popover.css";

export interface PopoverProps {
    /** Name of the button and of what it opens. */
    label: string;
    title?: string;
    icon?: IconName;
    /** What is written on the button; without it the button is the icon alone. */
    text?: ReactNode;
    id?: string;
    children: ReactNode;
}

/** A button that opens a small panel beside it; Esc and a press elsewhere close it. */
export function Popover({ label, title, icon, text, id, children }: PopoverProps): JSX.Element {
    const [isOpen, setOpen] = useState(false);
    const button = useRef<HTMLButtonElement>(null);
    const toggle = () => setOpen(!isOpen);
    const close = (wantsFocus: boolean) => {
        setOpen(false);
        if (wantsFocus) button.current?.focus();
    };
    return (
        <>
            <button
                ref={button} id={id} type="button" className={text === undefined ? "icon-button" : "button"}
                aria-label={label} title={title ?? label} aria-haspopup="dialog" aria-expanded={isOpen} onClick={toggle}
            >
                {icon !== undefined && <Icon name={icon} />}
                {text}
            </button>
            {isOpen && <Panel label={label} anchor={button.current} onClose={close}>{children}</Panel>}
        </>
    );
}

function Panel({ label, anchor, onClose, children }: {
    label: string;
    anchor: HTMLElement | null;
    onClose: (wantsFocus: boolean) => void;
    children: ReactNode;
}): JSX.Element {
    const box = useRef<HTMLDivElement>(null);
    const [place, setPlace] = useState<{ left: number; top: number; maxHeight: number } | null>(null);
    const close = useRef(onClose);
    close.current = onClose;

    useLayoutEffect(() => {
        const element = box.current;
        if (!element || !anchor) return undefined;
        const put = () => {
            const at = anchor.getBoundingClientRect();
            const above = at.top - 12;
            const below = innerHeight - at.bottom - 12;
            const isAbove = below < Math.min(element.scrollHeight + 2, 320) && above > below;
            const maxHeight = Math.max(120, isAbove ? above : below);
            const height = Math.min(element.scrollHeight + 2, maxHeight);
            setPlace({
                left: Math.max(4, Math.min(at.left, innerWidth - element.offsetWidth - 4)),
                top: isAbove ? at.top - height - 4 : at.bottom + 4,
                maxHeight,
            });
        };
        put();
        const observer = new ResizeObserver(put);
        observer.observe(element);
        addEventListener("resize", put);
        return () => {
            observer.disconnect();
            removeEventListener("resize", put);
        };
    }, [anchor]);

    useEffect(() => {
        box.current?.querySelector<HTMLElement>("input, select, button")?.focus();
        const forget = onEscape(() => close.current(true));
        const outside = (event: PointerEvent) => {
            const target = event.target as Node;
            if (!box.current?.contains(target) && !anchor?.contains(target)) close.current(false);
        };
        addEventListener("pointerdown", outside, true);
        return () => {
            forget();
            removeEventListener("pointerdown", outside, true);
        };
    }, [anchor]);

    return createPortal(
        <div
            ref={box} className="popover" role="dialog" aria-label={label} tabIndex={-1}
            style={place ?? { visibility: "hidden" }}
            onBlur={(event) => {
                const next = event.relatedTarget as Node | null;
                if (next && !event.currentTarget.contains(next) && next !== anchor) close.current(false);
            }}
        >
            {children}
        </div>,
        document.body,
    );
}
