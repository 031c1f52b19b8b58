import { memo, useCallback, useRef } from "react";
import { widthOf } from "./drawing";
import type { WireView } from "./drawing";
import { wireMiddle, wirePath } from "./layout/geometry";
import { spokenWire } from "./naming";
import type { Stage } from "./stage";

export interface WireShapeProps {
    wire: WireView;
    stage: Stage;
    x1: number;
    y1: number;
    x2: number;
    y2: number;
    isSelected: boolean;
}

/** A wire with its channel count, and handles at its ends while it is selected. */
export const WireShape = memo(function WireShape(props: WireShapeProps): JSX.Element {
    const { wire, stage, x1, y1, x2, y2, isSelected } = props;
    const label = useRef<SVGGElement>(null);
    const register = useCallback(
        (group: SVGGElement | null) => {
            const paths = group ? [...group.querySelectorAll<SVGPathElement>("path")] : [];
            stage.registerWire(wire.id, group ? { paths, label: label.current } : null);
        },
        [stage, wire.id],
    );
    const path = wirePath({ x: x1, y: y1 }, { x: x2, y: y2 });
    const middle = wireMiddle({ x: x1, y: y1 }, { x: x2, y: y2 });
    const classes = [
        "flow-wire",
        `width-${widthOf(wire.channels)}`,
        isSelected ? "selected" : "",
        wire.fault ? "faulty" : "",
        wire.isCrossCore ? "cross-core" : "",
        wire.edge === undefined ? "implied" : "",
    ];
    return (
        <g ref={register} className={classes.join(" ")} data-wire={wire.id}>
            <title>{spokenWire(wire)}</title>
            <path className="flow-wire-hit" d={path} />
            <path className="flow-wire-line" d={path} />
            <g ref={label} className="flow-wire-label" transform={`translate(${middle.x} ${middle.y})`}>
                <rect x={wire.fault ? -16 : -9} y={-8} width={wire.fault ? 32 : 18} height={16} rx={8} />
                <text textAnchor="middle" y={4}>{`${wire.fault ? "! " : ""}${wire.channels ?? "?"}`}</text>
            </g>
            {isSelected && wire.edge !== undefined && (
                <>
                    <circle className="flow-handle" data-handle="from" data-of={wire.id} cx={x1 + 14} cy={y1} r={7} />
                    <circle className="flow-handle" data-handle="to" data-of={wire.id} cx={x2 - 14} cy={y2} r={7} />
                </>
            )}
        </g>
    );
});
