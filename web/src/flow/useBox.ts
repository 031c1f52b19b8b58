import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { onEscape } from "../frame/keys";
import type { Point } from "./chain/modules";

/** What a box over the flow needs: its element, and where on the window it stands. */
export interface Box<BoxElement> {
    ref: RefObject<BoxElement>;
    place: { left: number; top: number };
}

/**
 * A box that opens at a place with the focus in its field, and closes by Esc or a press elsewhere. The focus goes back to
 * where it was, unless something else has it by then. `size` is whatever the box's own size depends on.
 */
export function useBox<BoxElement extends HTMLElement>(at: Point, size: unknown, onClose: () => void): Box<BoxElement> {
    const [place, setPlace] = useState({ left: at.x, top: at.y });
    const ref = useRef<BoxElement>(null);
    const close = useRef(onClose);
    close.current = onClose;

    useLayoutEffect(() => {
        const element = ref.current;
        if (!element) return;
        setPlace({
            left: Math.max(6, Math.min(at.x, innerWidth - element.offsetWidth - 6)),
            top: Math.max(6, Math.min(at.y, innerHeight - element.offsetHeight - 6)),
        });
    }, [at.x, at.y, size]);

    useEffect(() => {
        const before = document.activeElement;
        const field = ref.current?.querySelector("input");
        field?.focus();
        field?.select();
        const forget = onEscape(() => close.current());
        const outside = (event: PointerEvent) => {
            if (event.target instanceof Node && !ref.current?.contains(event.target)) close.current();
        };
        window.addEventListener("pointerdown", outside, true);
        return () => {
            forget();
            window.removeEventListener("pointerdown", outside, true);
            const isLost = document.activeElement === document.body || document.activeElement === null;
            if (isLost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
        };
    }, []);

    return { ref, place };
}
