// The mouse wheel on a control: whole steps, and no accidents while the pane is scrolled.

import { RefObject, useEffect, useRef } from "react";

/** One notch of most wheels, in pixels; a touch pad's small movements add up to it. */
const notch = 50;
/** A wheel that scrolled something else this short a time ago goes on scrolling, ms. */
const rest = 350;

let lastScroll = -Infinity;

/** Calls back with steps (up is positive) when the wheel turns over an element, and keeps the page from scrolling. */
export function useWheel(
    element: RefObject<HTMLElement>, onSteps: (steps: number, fine: boolean, event: WheelEvent) => void,
    accepts: () => boolean = () => true,
): void {
    const latest = useRef({ onSteps, accepts });
    latest.current = { onSteps, accepts };
    useEffect(() => {
        const target = element.current;
        if (!target) return undefined;
        let sum = 0;
        const turn = (event: WheelEvent): void => {
            if (!latest.current.accepts() || performance.now() - lastScroll < rest) return;
            event.preventDefault();
            event.stopPropagation();
            const delta = event.deltaY || event.deltaX;
            const way = event.deltaMode === 0 ? delta : delta * notch;
            sum = sum * way < 0 ? way : sum + way;
            const steps = Math.abs(way) >= notch ? Math.sign(way) : Math.trunc(sum / notch);
            if (steps === 0) return;
            sum = 0;
            latest.current.onSteps(-steps, event.shiftKey, event);
        };
        target.addEventListener("wheel", turn, { passive: false });
        return () => target.removeEventListener("wheel", turn);
    }, [element]);
}

/** Takes note of scrolling: a wheel event that no control took. Call with the element that scrolls. */
export function useScrollGuard(element: RefObject<HTMLElement>): void {
    useEffect(() => {
        const target = element.current;
        if (!target) return undefined;
        const scrolled = (event: WheelEvent): void => {
            const room = target.scrollHeight - target.clientHeight;
            if (!event.defaultPrevented && room > 0) lastScroll = performance.now();
        };
        target.addEventListener("wheel", scrolled, { passive: true });
        return () => target.removeEventListener("wheel", scrolled);
    }, [element]);
}
