// A menu that opens below its button, or at a point: arrow keys, first letters, Enter, Esc.
import { KeyboardEvent, ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { onEscape } from "../frame/keys";
import { Icon, IconName } from "./Icon";
import "./menu.css";

export interface MenuItem {
    title: string;
    run: () => void;
    icon?: IconName;
    /** the key that does the same, as text */
    keys?: string;
    /** shows a tick: one of several choices, or something that is on */
    checked?: boolean;
    disabled?: boolean;
    danger?: boolean;
    /** a line above */
    separated?: boolean;
}

export interface MenuAt {
    x: number;
    y: number;
}

/** A menu at a point of the window; `onClose` is called once it is done. */
export function MenuList({ label, items, at, onClose }: {
    label: string;
    items: MenuItem[];
    at: MenuAt;
    onClose: () => void;
}): JSX.Element {
    const box = useRef<HTMLDivElement>(null);
    const [place, setPlace] = useState({ left: at.x, top: at.y });
    const close = useRef(onClose);
    close.current = onClose;

    useLayoutEffect(() => {
        const element = box.current;
        if (element === null) return;
        setPlace({
            left: Math.max(4, Math.min(at.x, innerWidth - element.offsetWidth - 4)),
            top: Math.max(4, Math.min(at.y, innerHeight - element.offsetHeight - 4)),
        });
    }, [at.x, at.y, items.length]);

    useEffect(() => {
        const before = document.activeElement;
        const element = box.current;
        const checked = element?.querySelector<HTMLElement>("[aria-checked=true]");
        (checked ?? element?.querySelector<HTMLElement>("button:not(:disabled)"))?.focus();
        const forget = onEscape(() => close.current());
        const outside = (event: PointerEvent): void => {
            if (event.target instanceof Node && element?.contains(event.target) !== true) close.current();
        };
        window.addEventListener("pointerdown", outside, true);
        window.addEventListener("blur", leave);
        function leave(): void {
            close.current();
        }
        return () => {
            forget();
            window.removeEventListener("pointerdown", outside, true);
            window.removeEventListener("blur", leave);
            if (before instanceof HTMLElement && before.isConnected && !isElsewhere(element)) before.focus();
        };
    }, []);

    const move = (event: KeyboardEvent<HTMLDivElement>): void => {
        const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("button:not(:disabled)")];
        const index = buttons.indexOf(document.activeElement as HTMLElement);
        const steps: Record<string, number> = {
            ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: buttons.length - 1,
        };
        let next: HTMLElement | undefined;
        if (event.key in steps) {
            next = buttons[(steps[event.key] + buttons.length) % buttons.length];
        } else if (event.key === "Tab") {
            event.preventDefault();
            onClose();
        } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
            const order = [...buttons.slice(index + 1), ...buttons.slice(0, index + 1)];
            next = order.find((button) => button.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()));
        }
        if (next === undefined) return;
        event.preventDefault();
        next.focus();
    };

    return createPortal(
        <div ref={box} className="menu" role="menu" aria-label={label} style={place} onKeyDown={move}>
            {items.map((item) => (
                <button
                    key={item.title}
                    type="button"
                    role={item.checked === undefined ? "menuitem" : "menuitemcheckbox"}
                    aria-checked={item.checked}
                    className={[item.danger === true ? "danger" : "", item.separated === true ? "separated" : ""].join(" ")}
                    disabled={item.disabled}
                    onClick={() => {
                        onClose();
                        item.run();
                    }}
                >
                    <span className="menu-mark">
                        {item.checked === true ? <Icon name="check" /> : item.icon !== undefined && <Icon name={item.icon} />}
                    </span>
                    <span className="menu-title">{item.title}</span>
                    {item.keys !== undefined && <span className="menu-keys">{item.keys}</span>}
                </button>
            ))}
        </div>,
        document.body,
    );
}

/** Whether somebody else has taken the focus meanwhile. */
function isElsewhere(element: HTMLElement | null): boolean {
    const active = document.activeElement;
    return active !== null && active !== document.body && element?.contains(active) !== true;
}

/** A button that opens a menu. */
export function MenuButton({ label, items, children, className = "button", disabled, title }: {
    label: string;
    items: MenuItem[];
    children: ReactNode;
    className?: string;
    disabled?: boolean;
    title?: string;
}): JSX.Element {
    const [at, setAt] = useState<MenuAt | null>(null);
    const button = useRef<HTMLButtonElement>(null);
    const open = (): void => {
        const place = button.current?.getBoundingClientRect();
        if (place !== undefined) setAt({ x: place.left, y: place.bottom + 3 });
    };
    return (
        <>
            <button
                ref={button}
                type="button"
                className={className}
                aria-label={label}
                title={title ?? label}
                aria-haspopup="menu"
                aria-expanded={at !== null}
                disabled={disabled}
                onClick={open}
                onKeyDown={(event) => {
                    if (event.key !== "ArrowDown") return;
                    event.preventDefault();
                    open();
                }}
            >
                {children}
            </button>
            {at !== null && <MenuList label={label} items={items} at={at} onClose={() => setAt(null)} />}
        </>
    );
}
