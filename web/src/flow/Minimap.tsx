import { useEffect, useRef } from "react";
import type { PointerEvent } from "react";
import { onFrame, themeColour } from "../frame/ui";
import { onTheme } from "../frame/theme";
import { FAMILY_COLOURS } from "./families";
import { around, toDrawing } from "./layout/geometry";
import type { View } from "./layout/geometry";
import type { Stage } from "./stage";

const WIDTH = 168;
const HEIGHT = 104;

/**
 * The whole chain in small; pressing or dragging in it moves the view. The keyboard has F and the arrow keys instead.
 */
export function Minimap({ stage }: { stage: Stage }): JSX.Element {
    const canvas = useRef<HTMLCanvasElement>(null);
    const map = useRef<View>({ scale: 1, x: 0, y: 0 });
    useEffect(() => {
        let isDirty = true;
        const stops = [
            stage.watch(() => (isDirty = true)),
            onTheme(() => (isDirty = true)),
            onFrame(() => {
                if (!isDirty || !canvas.current) return;
                isDirty = false;
                map.current = drawMap(canvas.current, stage);
            }),
        ];
        return () => stops.forEach((stop) => stop());
    }, [stage]);

    const go = (event: PointerEvent<HTMLCanvasElement>) => {
        if (event.buttons === 0) return;
        const box = event.currentTarget.getBoundingClientRect();
        const point = toDrawing(map.current, { x: event.clientX - box.left, y: event.clientY - box.top });
        const { width, height } = stage.size();
        const { scale } = stage.view;
        stage.setView({ scale, x: width / 2 - point.x * scale, y: height / 2 - point.y * scale });
    };
    return (
        <canvas
            ref={canvas}
            className="flow-minimap"
            data-control="minimap"
            aria-hidden="true"
            title="The whole chain: press to go there"
            style={{ width: WIDTH, height: HEIGHT }}
            onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                go(event);
            }}
            onPointerMove={go}
        />
    );
}

function drawMap(canvas: HTMLCanvasElement, stage: Stage): View {
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== WIDTH * ratio) {
        canvas.width = WIDTH * ratio;
        canvas.height = HEIGHT * ratio;
    }
    const boxes = stage.drawing.modules.map((module) => stage.boxOf(module));
    const seen = stage.seen();
    const { x, y, width, height } = around([...boxes, seen]) ?? seen;
    const scale = Math.min((WIDTH - 12) / Math.max(1, width), (HEIGHT - 12) / Math.max(1, height));
    const map = { scale, x: WIDTH / 2 - (x + width / 2) * scale, y: HEIGHT / 2 - (y + height / 2) * scale };
    const context = canvas.getContext("2d");
    if (!context) return map;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.setTransform(map.scale * ratio, 0, 0, map.scale * ratio, map.x * ratio, map.y * ratio);
    stage.drawing.modules.forEach((module, index) => {
        const { x, y, width, height } = boxes[index];
        context.fillStyle = themeColour(module.family === "io" ? "--port-io" : FAMILY_COLOURS[module.family]);
        context.globalAlpha = module.enabled ? 0.9 : 0.35;
        context.fillRect(x, y, width, height);
    });
    context.globalAlpha = 1;
    context.strokeStyle = themeColour("--selection");
    context.lineWidth = 1.5 / map.scale;
    context.strokeRect(seen.x, seen.y, seen.width, seen.height);
    return map;
}
