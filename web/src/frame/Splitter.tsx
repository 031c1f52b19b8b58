// The bar between two panes: dragged, or moved with the arrow keys; Enter hides the pane, double-click resets it.
import { KeyboardEvent, PointerEvent, useRef } from "react";
import { Side, sizes } from "./layout";
import { ui, useUI } from "./ui";

const names: Record<Side, string> = { left: "left side", right: "right side", bottom: "bottom" };
const steps = { usual: 16, large: 64 };

/** How large a side is on the screen, pixels: the window may have given it less than it was set to. */
function shownSize(side: Side): number {
    const box = document.getElementById(`side-${side}`)?.getBoundingClientRect();
    return (side === "bottom" ? box?.height : box?.width) ?? sizes[side].usual;
}

export function Splitter({ side }: { side: Side }): JSX.Element {
    const size = useUI((state) => state.panes[side].size);
    const drag = useRef<{ start: number; size: number } | null>(null);
    const isUpright = side !== "bottom";
    /** +1 where the side grows with the coordinate */
    const sign = side === "left" ? 1 : -1;

    const begin = (event: PointerEvent<HTMLDivElement>): void => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { start: isUpright ? event.clientX : event.clientY, size: shownSize(side) };
    };
    const move = (event: PointerEvent<HTMLDivElement>): void => {
        if (drag.current === null) return;
        const at = isUpright ? event.clientX : event.clientY;
        ui.resize(side, drag.current.size + sign * (at - drag.current.start));
    };
    const end = (): void => {
        drag.current = null;
    };
    const press = (event: KeyboardEvent<HTMLDivElement>): void => {
        const step = event.shiftKey ? steps.large : steps.usual;
        const changes: Record<string, number> = isUpright
            ? { ArrowLeft: -sign * step, ArrowRight: sign * step }
            : { ArrowUp: step, ArrowDown: -step };
        if (event.key in changes) ui.resize(side, shownSize(side) + changes[event.key]);
        else if (event.key === "Home") ui.resize(side, sizes[side].min);
        else if (event.key === "End") ui.resize(side, sizes[side].max);
        else if (event.key === "Enter") ui.toggle(side);
        else return;
        event.preventDefault();
    };

    return (
        <div
            className={`splitter ${isUpright ? "upright" : "level"}`}
            role="separator"
            tabIndex={0}
            aria-label={`Size of the ${names[side]}`}
            aria-orientation={isUpright ? "vertical" : "horizontal"}
            aria-controls={`side-${side}`}
            aria-valuenow={size}
            aria-valuemin={sizes[side].min}
            aria-valuemax={sizes[side].max}
            title="Drag, or arrow keys; Enter hides, double-click resets"
            onPointerDown={begin}
            onPointerMove={move}
            onPointerUp={end}
            onPointerCancel={end}
            onDoubleClick={() => ui.resize(side, sizes[side].usual)}
            onKeyDown={press}
        />
    );
}
