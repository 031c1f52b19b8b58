// The graph of one equaliser, outside of React: pointers and keys become changes of bands.
import { onFrame } from "../frame/loop";
import { onTheme } from "../frame/theme";
import { Auditioner, type SendAudition } from "./audition";
import type { Band } from "./bands";
import { GraphCanvas } from "./canvas";
import { Handles } from "./handles";
import { handleDb, takesQ, type EqModel, type Movement } from "./model";
import { Drag, keyChange, tidyDb, tidyHertz, tidyQ } from "./movement";
import { dbOf, hertzOf, xOf, yOf } from "./plot";
import { Readout } from "./readout";
import { eqSettings } from "./settings";
import type { Spectra } from "./spectra";

/** The elements that the graph consists of; the canvases and the layer fill `box`. */
export interface GraphElements {
    box: HTMLElement;
    back: HTMLCanvasElement;
    front: HTMLCanvasElement;
    layer: HTMLElement;
    /** shows numbers at the pointer */
    readout: HTMLElement;
}

/** What happens on the graph that others want to know. */
export interface GraphEvents {
    select(band: number | undefined): void;
    /** No band is free. */
    full(): void;
}

interface Held {
    pointer: number;
    band: number;
    drag: Drag;
    movement: Movement;
    x: number;
    y: number;
    hasMoved: boolean;
    isSolo: boolean;
    /** a second finger, and how far it was */
    pinch: { pointer: number; distance: number; q: number } | null;
}

/** Two taps within this time (ms) and way (px) are one double tap. */
const doubleTime = 380;
const doubleWay = 14;
/** A drag begins after this way, px: taps that tremble change nothing. */
const slack = 3;
/** How far from a handle a finger may be, px. */
const reach = 22;

export class EqGraph {
    private readonly handles: Handles;
    private readonly canvas: GraphCanvas;
    private readonly readout: Readout;
    private readonly auditioner: Auditioner;
    private readonly releases: (() => void)[] = [];
    private model: EqModel | null = null;
    private channel = 0;
    private held: Held | null = null;
    private lastTap = { at: -Infinity, x: 0, y: 0, band: -1 };
    private soloKey: number | undefined;

    constructor(
        private readonly elements: GraphElements,
        spectra: Spectra,
        private readonly events: GraphEvents,
        sendAudition: SendAudition,
    ) {
        this.handles = new Handles(elements.layer);
        this.canvas = new GraphCanvas(elements.back, elements.front, this.handles, spectra);
        this.readout = new Readout(elements.readout);
        this.auditioner = new Auditioner(sendAudition);
        this.listen();
        this.measure();
    }

    /** Ends everything; an audition too. */
    close(): void {
        this.drop();
        for (const release of this.releases) release();
        this.handles.remove();
    }

    /** Shows a channel of an equaliser. */
    show(model: EqModel | null, channel: number): void {
        if (model !== this.model || channel !== this.channel) this.drop();
        this.model = model;
        this.channel = channel;
        this.canvas.show(model, channel);
    }

    /** Marks a band, or none. */
    mark(band: number | undefined): void {
        if (this.canvas.selected === band) return;
        this.canvas.selected = band;
        this.canvas.ageCurves();
    }

    /** Values have changed: by this page or by another. */
    valuesChanged(): void {
        this.canvas.ageCurves();
    }

    /** Spectra have changed. */
    spectraChanged(): void {
        this.canvas.ageBack();
    }

    private listen(): void {
        const { box } = this.elements;
        const listen = <K extends keyof HTMLElementEventMap>(
            type: K, listener: (event: HTMLElementEventMap[K]) => void, options?: AddEventListenerOptions,
        ): void => {
            box.addEventListener(type, listener, options);
            this.releases.push(() => box.removeEventListener(type, listener, options));
        };
        listen("pointerdown", (event) => this.press(event));
        listen("pointermove", (event) => this.drag(event));
        listen("pointerup", (event) => this.release(event));
        listen("pointercancel", (event) => this.release(event));
        listen("lostpointercapture", (event) => this.release(event));
        listen("pointerleave", () => {
            if (!this.held) this.readout.hide();
        });
        listen("contextmenu", (event) => event.preventDefault());
        listen("wheel", (event) => this.turn(event), { passive: false });
        listen("keydown", (event) => this.key(event));
        listen("keyup", (event) => {
            if (event.key.toLowerCase() === "s") this.endSoloKey();
        });
        listen("focusin", (event) => {
            const band = this.handles.bandOf(event.target);
            if (band !== undefined) this.select(band);
        });
        listen("focusout", () => this.endSoloKey());
        const leave = (): void => this.drop();
        const hide = (): void => {
            if (document.hidden) this.drop();
        };
        window.addEventListener("blur", leave);
        document.addEventListener("visibilitychange", hide);
        const sizes = new ResizeObserver(() => this.measure());
        sizes.observe(box);
        this.releases.push(
            () => window.removeEventListener("blur", leave),
            () => document.removeEventListener("visibilitychange", hide),
            () => sizes.disconnect(),
            eqSettings.subscribe(() => this.canvas.settle()),
            onTheme(() => this.canvas.refresh()),
            onFrame(() => this.canvas.draw()),
        );
    }

    private measure(): void {
        this.canvas.resize(this.elements.box.clientWidth, this.elements.box.clientHeight);
    }

    private band(index: number): Band {
        return this.canvas.bands[index];
    }

    // pointers

    private place(event: { clientX: number; clientY: number }): { x: number; y: number } {
        const box = this.elements.box.getBoundingClientRect();
        return { x: event.clientX - box.left, y: event.clientY - box.top };
    }

    private press(event: PointerEvent): void {
        const { model } = this;
        if (!model || this.canvas.bands.length === 0) return;
        const { x, y } = this.place(event);
        if (this.held) {
            if (event.pointerType === "touch" && this.held.pinch === null) this.beginPinch(event, this.held, x, y);
            return;
        }
        if (event.button !== 0 && event.button !== 2) return;
        event.preventDefault();
        const band = this.handles.bandOf(event.target) ?? (event.pointerType === "touch" ? this.near(x, y) : undefined);
        const isDouble = event.button === 0 && this.isDouble(event, x, y, band);
        if (band === undefined) {
            if (isDouble) this.addAt(x, y);
            else if (event.button === 0) this.select(undefined);
            return;
        }
        this.select(band);
        this.handles.focus(band);
        if (isDouble) {
            model.toggle(this.channel, band);
            this.canvas.ageCurves();
            return;
        }
        const isWidth = event.button === 2;
        if (isWidth && !takesQ(this.band(band))) return;
        this.elements.box.setPointerCapture(event.pointerId);
        this.held = {
            pointer: event.pointerId,
            band,
            drag: new Drag(isWidth ? "width" : "place", this.band(band), this.canvas.plot, model.limits),
            movement: model.move(this.channel, band),
            x, y,
            hasMoved: false,
            isSolo: event.altKey || eqSettings.get().solo,
            pinch: null,
        };
        if (this.held.isSolo) this.audition(this.band(band));
    }

    private beginPinch(event: PointerEvent, held: Held, x: number, y: number): void {
        const { q } = this.band(held.band);
        if (!takesQ(this.band(held.band))) return;
        this.elements.box.setPointerCapture(event.pointerId);
        held.pinch = { pointer: event.pointerId, distance: Math.max(20, Math.hypot(x - held.x, y - held.y)), q };
    }

    private drag(event: PointerEvent): void {
        const { x, y } = this.place(event);
        const { held } = this;
        if (!held) {
            this.readout.place(x, y, this.canvas.plot);
            return;
        }
        const [dx, dy] = [x - held.x, y - held.y];
        if (held.pinch?.pointer === event.pointerId) {
            const distance = Math.max(20, Math.hypot(dx, dy));
            held.movement.to({ q: tidyQ((held.pinch.q * held.pinch.distance) / distance, false) });
            this.afterMove(held);
            return;
        }
        if (held.pointer !== event.pointerId || (!held.hasMoved && Math.hypot(dx, dy) < slack)) return;
        held.hasMoved = true;
        held.x = x;
        held.y = y;
        if (event.altKey) held.isSolo = true;
        held.movement.to(held.drag.by(dx, dy, event.shiftKey, this.canvas.plot));
        this.afterMove(held);
    }

    /** Draws at once: from the pointer's event to the curve is one step. */
    private afterMove(held: Held): void {
        this.canvas.drawCurves();
        const band = this.band(held.band);
        if (held.isSolo) this.audition(band);
        this.readout.band(band, held.band, this.canvas.plot);
    }

    private release(event: PointerEvent): void {
        const { held } = this;
        if (held?.pinch?.pointer === event.pointerId) held.pinch = null;
        else if (held?.pointer === event.pointerId) this.drop();
    }

    /** Lets go, however it came: released, cancelled, the window left, the pane closed. */
    private drop(): void {
        this.held = null;
        this.soloKey = undefined;
        this.auditioner.end();
        this.readout.hide();
    }

    private isDouble(event: PointerEvent, x: number, y: number, band = -1): boolean {
        const last = this.lastTap;
        const isDouble = event.timeStamp - last.at < doubleTime && Math.hypot(x - last.x, y - last.y) < doubleWay &&
            last.band === band;
        this.lastTap = { at: isDouble ? -Infinity : event.timeStamp, x, y, band };
        return isDouble;
    }

    /** The band whose handle a finger means. */
    private near(x: number, y: number): number | undefined {
        const { plot } = this.canvas;
        let best: number | undefined;
        let least = reach;
        this.canvas.bands.forEach((band, i) => {
            if (!this.handles.isShown(i)) return;
            const way = Math.hypot(xOf(plot, band.frequency) - x, yOf(plot, handleDb(band)) - y);
            if (way < least) [best, least] = [i, way];
        });
        return best;
    }

    private addAt(x: number, y: number): void {
        const { plot } = this.canvas;
        const frequency = tidyHertz(hertzOf(plot, x), false);
        const gainDb = tidyDb(dbOf(plot, y), false);
        const band = this.model?.add(this.channel, { type: "peaking", frequency, gainDb, q: 1 });
        if (band === undefined) {
            this.events.full();
            return;
        }
        this.canvas.drawCurves();
        this.select(band);
        this.handles.focus(band);
    }

    private select(band: number | undefined): void {
        if (this.canvas.selected === band) return;
        this.mark(band);
        this.events.select(band);
    }

    private audition(band: Band): void {
        const q = band.type === "peaking" || band.type === "notch" || band.type === "bandPass" ? band.q : 1;
        this.auditioner.show({ freq: band.frequency, q: Math.min(20, Math.max(0.7, q)) });
    }

    private turn(event: WheelEvent): void {
        const { x, y } = this.place(event);
        const index = this.handles.bandOf(event.target) ?? this.near(x, y) ?? this.canvas.selected;
        const band = index === undefined ? undefined : this.band(index);
        if (!this.model || index === undefined || band === undefined || !takesQ(band)) return;
        event.preventDefault();
        const delta = event.deltaY || event.deltaX;
        const notches = event.deltaMode === 0 ? Math.max(-3, Math.min(3, delta / 100)) : Math.sign(delta);
        const steps = -notches * (event.shiftKey ? 0.1 : 1);
        this.model.move(this.channel, index).to({ q: tidyQ(band.q * Math.pow(2, steps / 6), true) });
        this.select(index);
        this.canvas.drawCurves();
        this.readout.band(this.band(index), index, this.canvas.plot);
    }

    // keys

    private key(event: KeyboardEvent): void {
        const band = this.handles.bandOf(event.target);
        if (!this.model || band === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        const change = keyChange(event.key, event.shiftKey, this.band(band), this.model.limits);
        if (change) {
            this.model.move(this.channel, band).to(change);
        } else if (event.key === " " || event.key === "Enter") {
            if (!event.repeat) this.model.toggle(this.channel, band);
        } else if (event.key === "Delete" || event.key === "Backspace") {
            this.model.remove(this.channel, band);
            this.select(undefined);
            this.elements.box.focus({ preventScroll: true });
        } else if (event.key.toLowerCase() === "s") {
            this.soloKey = band;
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
        this.canvas.drawCurves();
        if (this.soloKey !== undefined) this.audition(this.band(this.soloKey));
    }

    private endSoloKey(): void {
        if (this.soloKey === undefined) return;
        this.soloKey = undefined;
        if (!this.held) this.auditioner.end();
    }
}
