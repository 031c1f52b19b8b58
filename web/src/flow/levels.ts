import { onFrame, themeColour } from "../frame/ui";
import { onTheme } from "../frame/theme";
import { node } from "../node/store";
import type { Metrics } from "../node/types";
import { originOf, placeKey } from "./chain/signal";
import type { ModuleView } from "./drawing";
import type { Stage } from "./stage";
import { working } from "./working";

/** Lowest level that is drawn, dBFS. */
const FLOOR = -60;
/** Share of the way to a new level that is gone in each picture. */
const EASE = 0.35;
/** Height of the strip's lower part, for bars, in units of the drawing. */
const BARS = 9;

interface Bars {
    rms: number[];
    peak: number[];
}

/**
 * Draws the level of each module's output and its load on the strips below them, on one canvas over the drawing, until
 * the returned function is called. React has no part in it.
 */
export function startLevels(canvas: HTMLCanvasElement, stage: Stage): () => void {
    const shown = new Map<string, Bars>();
    let metrics: Metrics | null = null;
    let isDirty = true;
    const stopMetrics = node.subscribeMetrics("all", 66);
    const stops = [
        stopMetrics,
        stage.watch(() => (isDirty = true)),
        onTheme(() => (isDirty = true)),
        onFrame(() => {
            const latest = node.getState().metrics;
            if (latest !== metrics) {
                metrics = latest;
                isDirty = true;
                writeLoads(stage, metrics);
            }
            if (!isDirty) return;
            isDirty = drawLevels(canvas, stage, metrics, shown);
        }),
    ];
    return () => stops.forEach((stop) => stop());
}

/** Returns whether bars are still on their way. */
function drawLevels(
    canvas: HTMLCanvasElement,
    stage: Stage,
    metrics: Metrics | null,
    shown: Map<string,
    Bars>,
): boolean {
    const { width, height } = stage.size();
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
    }
    const context = canvas.getContext("2d");
    if (!context) return false;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const { scale, x, y } = stage.view;
    context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
    const seen = stage.seen();
    let isMoving = false;
    for (const module of stage.drawing.modules) {
        if (module.kind === "border") continue;
        const box = stage.boxOf(module);
        if (box.x > seen.x + seen.width || box.x + box.width < seen.x) continue;
        if (box.y > seen.y + seen.height || box.y + box.height < seen.y) continue;
        const target = levelsOf(stage, module, metrics);
        const bars = shown.get(module.id) ?? { rms: [], peak: [] };
        isMoving = approach(bars.rms, target.rms) || isMoving;
        isMoving = approach(bars.peak, target.peak) || isMoving;
        shown.set(module.id, bars);
        drawBars(context, bars, box.x + 8, box.y + box.height - BARS - 3, box.width - 16);
    }
    return isMoving;
}

function approach(bars: number[], targets: readonly number[]): boolean {
    let isMoving = false;
    bars.length = targets.length;
    targets.forEach((target, index) => {
        const goal = Math.max(FLOOR, target);
        const from = bars[index] ?? FLOOR;
        // Levels rise at once and fall with a little weight.
        const next = goal >= from ? goal : from + (goal - from) * EASE;
        bars[index] = Math.abs(goal - next) < 0.1 ? goal : next;
        isMoving ||= bars[index] !== goal;
    });
    return isMoving;
}

function drawBars(context: CanvasRenderingContext2D, bars: Bars, x: number, y: number, width: number): void {
    const count = bars.rms.length;
    context.fillStyle = themeColour("--meter-back");
    context.fillRect(x, y, width, BARS);
    const isStacked = count <= 3;
    bars.rms.forEach((rms, index) => {
        const peak = bars.peak[index] ?? rms;
        const part = (level: number) => Math.min(1, Math.max(0, 1 - level / FLOOR));
        context.fillStyle = themeColour(peak > -1 ? "--meter-high" : peak > -12 ? "--meter-mid" : "--meter-low");
        if (isStacked) {
            const row = BARS / count;
            context.fillRect(x, y + index * row, width * part(rms), row - 0.5);
            context.fillRect(x + width * part(peak) - 1, y + index * row, 1.5, row - 0.5);
        } else {
            const column = width / count;
            const length = BARS * part(rms);
            context.fillRect(x + index * column, y + BARS - length, column - 0.7, length);
            context.fillRect(x + index * column, y + BARS * (1 - part(peak)), column - 0.7, 1);
        }
    });
}

function levelsOf(stage: Stage, module: ModuleView, metrics: Metrics | null): Bars {
    const found = metrics?.modules[measuredAt(stage, module)];
    return { rms: found?.outputRmsDb ?? [], peak: found?.outputPeakDb ?? [] };
}

/** The flattened id of the module whose output a module has: for a sub-graph, the one that feeds its first output. */
function measuredAt(stage: Stage, module: ModuleView): string {
    const { path } = stage.drawing;
    const { inspection } = working();
    const [output] = module.outputs;
    if (module.kind !== "group" || !inspection || !output) return [...path, module.id].join(".");
    const { signal } = inspection;
    const point = signal.places.get(placeKey(path, { module: module.id, port: output.id }, "output"));
    const origin = point === undefined ? undefined : originOf(signal, point);
    const index = origin === undefined ? -1 : signal.points[origin].module;
    return index < 0 ? "" : signal.modules[index].id;
}

/** Writes each module's processor time beside its bars; the percentage is of the frame period. */
function writeLoads(stage: Stage, metrics: Metrics | null): void {
    const { link } = working();
    const period = link ? (link.global.frameSize / link.global.sampleRate) * 1e6 : 0;
    for (const module of stage.drawing.modules) {
        const label = stage.element(module.id)?.querySelector<HTMLElement>(".flow-load");
        if (!label) continue;
        const id = [...stage.drawing.path, module.id].join(".");
        const time =
            module.kind === "group"
                ? Object.entries(metrics?.modules ?? {})
                      .filter(([each]) => each.startsWith(`${id}.`))
                      .reduce((sum, [, each]) => sum + (each?.processTimeUs ?? 0), 0)
                : metrics?.modules[id]?.processTimeUs;
        const text = time === undefined || !period ? "" : `${time.toFixed(
            time < 10 ? 1 : 0,
        )} µs · ${((100 * time) / period).toFixed(2)} %`;
        if (label.textContent !== text) label.textContent = text;
    }
}

