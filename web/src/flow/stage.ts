import type { Point } from "./chain/modules";
import { drawnAt, portPoint } from "./drawing";
import type { Drawing, ModuleView, WireView } from "./drawing";
import { around, fitted, opening, revealing, toDrawing, wireMiddle, wirePath, zoomed } from "./layout/geometry";
import type { Box, View } from "./layout/geometry";
import type { Guide } from "./layout/align";

const EMPTY: Drawing = { key: "", path: [], modules: [], wires: [], byID: new Map() };

/** The elements that a wire is drawn with. */
export interface WireElements {
    paths: SVGPathElement[];
    label: SVGGElement | null;
}

/** A wire that is drawn by hand, from a port to the pointer. */
export interface LooseWire {
    from: Point;
    to: Point;
    state: "open" | "yes" | "no";
}

/**
 * The drawing as elements: pan, zoom and drags change them without React. One transform moves everything; a drag
 * touches the modules dragged and their wires only.
 */
export class Stage {
    drawing: Drawing = EMPTY;
    view: View = { scale: 1, x: 0, y: 0 };
    viewport: HTMLElement | null = null;
    world: HTMLElement | null = null;
    loose: SVGPathElement | null = null;
    guides: SVGGElement | null = null;
    rubber: HTMLElement | null = null;
    private readonly modules = new Map<string, HTMLElement>();
    private readonly wires = new Map<string, WireElements>();
    private readonly listeners = new Set<() => void>();
    private offsets: ReadonlyMap<string, Point> = new Map();

    /** Calls `listener` whenever the view or what is drawn has changed. */
    watch(listener: () => void): () => void {
        this.listeners.add(listener);
        return () => void this.listeners.delete(listener);
    }

    private changed(): void {
        for (const listener of [...this.listeners]) listener();
    }

    /** Takes a new drawing, whose elements React has brought to the page. */
    show(drawing: Drawing): void {
        this.drawing = drawing;
        this.changed();
    }

    register(id: string, element: HTMLElement | null): void {
        if (element) this.modules.set(id, element);
        else this.modules.delete(id);
    }

    registerWire(id: string, elements: WireElements | null): void {
        if (elements) this.wires.set(id, elements);
        else this.wires.delete(id);
    }

    element(id: string): HTMLElement | undefined {
        return this.modules.get(id);
    }

    // View

    setView(view: View): void {
        this.view = view;
        if (this.world) this.world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
        if (this.viewport) {
            const step = 20 * view.scale * (view.scale < 0.5 ? 4 : 1);
            this.viewport.style.backgroundSize = `${step}px ${step}px`;
            this.viewport.style.backgroundPosition = `${view.x}px ${view.y}px`;
            this.viewport.dataset.far = String(view.scale < 0.45);
        }
        this.changed();
    }

    pan(x: number, y: number): void {
        this.setView({ ...this.view, x: this.view.x + x, y: this.view.y + y });
    }

    /** Zooms about a point of the viewport, its middle when none is given. */
    zoom(factor: number, about: Point = this.middleOfView()): void {
        this.setView(zoomed(this.view, factor, about));
    }

    /** Shows the whole drawing, or the modules given. */
    fit(ids?: readonly string[]): void {
        const chosen = ids?.length ? this.drawing.modules.filter(
            (module) => ids.includes(module.id),
        ) : this.drawing.modules;
        const { width, height } = this.size();
        if (width && height) this.setView(fitted(around(chosen.map((module) => module.box)), width, height));
    }

    /** Shows a chain for the first time. */
    begin(): void {
        const { width, height } = this.size();
        if (width && height) this.setView(opening(
            around(this.drawing.modules.map((module) => module.box)),
            width,
            height,
        ));
    }

    /** Moves the view as little as needed for a module to be seen. */
    reveal(id: string): void {
        const module = this.drawing.byID.get(id);
        const { width, height } = this.size();
        if (!module || !width) return;
        const view = revealing(this.view, module.box, width, height);
        if (view.x !== this.view.x || view.y !== this.view.y) this.setView(view);
    }

    /** Likewise, unless a part of the module is seen: what is under the pointer does not move away. */
    revealHidden(id: string): void {
        const module = this.drawing.byID.get(id);
        const { width, height } = this.size();
        if (!module || !width) return;
        const { x, y, scale } = this.view;
        const left = x + module.box.x * scale;
        const top = y + module.box.y * scale;
        const isSeen = left < width && top < height && left + module.box.width * scale > 0
            && top + module.box.height * scale > 0;
        if (!isSeen) this.reveal(id);
    }

    size(): { width: number; height: number } {
        return { width: this.viewport?.clientWidth ?? 0, height: this.viewport?.clientHeight ?? 0 };
    }

    private middleOfView(): Point {
        const { width, height } = this.size();
        return { x: width / 2, y: height / 2 };
    }

    /** The point of the drawing in the middle of what is seen. */
    middle(): Point {
        return toDrawing(this.view, this.middleOfView());
    }

    /** A point of the viewport for one of the window. */
    inView(clientX: number, clientY: number): Point {
        const box = this.viewport?.getBoundingClientRect();
        return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) };
    }

    /** A point of the drawing for one of the window. */
    onDrawing(clientX: number, clientY: number): Point {
        return toDrawing(this.view, this.inView(clientX, clientY));
    }

    /** The part of the drawing that is seen. */
    seen(): Box {
        const { width, height } = this.size();
        const corner = toDrawing(this.view, { x: 0, y: 0 });
        return { ...corner, width: width / this.view.scale, height: height / this.view.scale };
    }

    // What is dragged

    /** Shows modules away from where they stand, with their wires. */
    drag(offsets: ReadonlyMap<string, Point>): void {
        const touched = new Set([...this.offsets.keys(), ...offsets.keys()]);
        this.offsets = offsets;
        for (const id of touched) {
            const module = this.drawing.byID.get(id);
            const element = this.modules.get(id);
            if (module && element) element.style.transform = placeOf(this.boxOf(module));
        }
        for (const wire of this.drawing.wires) {
            if (touched.has(wire.from.module) || touched.has(wire.to.module)) this.drawWire(wire);
        }
        this.changed();
    }

    /** Puts what was dragged back to where the drawing has it. */
    release(): void {
        this.drag(new Map());
        this.showGuides([]);
    }

    /** Where a module is shown now. */
    boxOf(module: ModuleView): Box {
        const offset = this.offsets.get(module.id);
        return offset ? { ...module.box, x: module.box.x + offset.x, y: module.box.y + offset.y } : module.box;
    }

    private drawWire(wire: WireView): void {
        const elements = this.wires.get(wire.id);
        const ends = this.endsOf(wire);
        if (!elements || !ends) return;
        const path = wirePath(ends.from, ends.to);
        for (const element of elements.paths) element.setAttribute("d", path);
        const middle = wireMiddle(ends.from, ends.to);
        elements.label?.setAttribute("transform", `translate(${middle.x} ${middle.y})`);
    }

    /** Where a wire begins and ends now. */
    endsOf(wire: WireView): { from: Point; to: Point } | undefined {
        const from = this.drawing.byID.get(drawnAt(wire.from, "start"));
        const to = this.drawing.byID.get(drawnAt(wire.to, "end"));
        const start = from && portPoint({ ...from, box: this.boxOf(from) }, wire.from.port, "start");
        const end = to && portPoint({ ...to, box: this.boxOf(to) }, wire.to.port, "end");
        return start && end && { from: start, to: end };
    }

    // Overlays

    showLoose(wire: LooseWire | null): void {
        if (!this.loose) return;
        this.loose.style.display = wire ? "" : "none";
        if (!wire) return;
        this.loose.setAttribute("d", wirePath(wire.from, wire.to));
        this.loose.dataset.state = wire.state;
    }

    showGuides(guides: readonly Guide[]): void {
        const group = this.guides;
        if (!group) return;
        while (group.childElementCount > guides.length) group.lastElementChild?.remove();
        while (group.childElementCount < guides.length) {
            group.append(document.createElementNS("http://www.w3.org/2000/svg", "line"));
        }
        guides.forEach(({ axis, at, from, to }, index) => {
            const ends = axis === "x" ? [at, from, at, to] : [from, at, to, at];
            [
                "x1",
                "y1",
                "x2",
                "y2",
            ].forEach((name, end) => group.children[index].setAttribute(name, String(ends[end])));
        });
    }

    /** The rubber band, in pixels of the viewport. */
    showRubber(box: Box | null): void {
        if (!this.rubber) return;
        this.rubber.hidden = !box;
        if (box) {
            const { x, y, width, height } = box;
            Object.assign(
                this.rubber.style,
                { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` },
            );
        }
    }

    /** The wire under a point of the window; undefined for none. */
    wireAt(clientX: number, clientY: number): string | undefined {
        for (const element of document.elementsFromPoint(clientX, clientY)) {
            const wire = element instanceof SVGElement ? element.closest<SVGElement>("[data-wire]") : null;
            if (wire?.dataset.wire !== undefined) return wire.dataset.wire;
        }
        return undefined;
    }

    /** Marks one wire as the place where something is dropped. */
    markWire(id: string | undefined): void {
        for (const [each, { paths }] of this.wires) paths[0]?.parentElement?.classList.toggle("goal", each === id);
    }
}

/** The transform that puts a module to its place. */
export function placeOf(box: Point): string {
    return `translate(${box.x}px, ${box.y}px)`;
}
