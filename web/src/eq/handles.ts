// The handles of the bands: elements over the canvas, so that keyboards and screen readers reach them.
import { bandCount, isUntouched, typeNames, type Band } from "./bands";
import { handleDb } from "./model";
import { hasGain, hasQ } from "./biquad";
import { xOf, yOf, type Plot } from "./plot";
import { gainText, hertzText, qText } from "./texts";

/** The names of the bands' colours; they repeat after eight. */
export function bandColour(band: number): string {
    return `--band-${band % 8}`;
}

/** A band in words: "1.25 kHz, +3.0 dB, Q 0.71, off". */
export function bandText(band: Band): string {
    const parts = [hertzText(band.frequency)];
    if (hasGain(band.type)) parts.push(gainText(band.gainDb));
    if (hasQ(band.type)) parts.push(qText(band.q));
    if (!band.isEnabled) parts.push("off");
    return parts.join(", ");
}

/** Makes and places one element a band. Lives outside of React: a drag moves elements and draws nothing else. */
export class Handles {
    private readonly elements: HTMLElement[] = [];
    private readonly shown: string[] = [];

    constructor(private readonly layer: HTMLElement) {
        for (let band = 0; band < bandCount; band++) {
            const element = document.createElement("div");
            element.className = "eq-handle";
            element.hidden = true;
            element.tabIndex = 0;
            element.textContent = String(band + 1);
            element.dataset.band = String(band);
            element.setAttribute("role", "slider");
            element.style.setProperty("--own", `var(${bandColour(band)})`);
            this.layer.append(element);
            this.elements.push(element);
        }
    }

    /** Takes the elements away. */
    remove(): void {
        for (const element of this.elements) element.remove();
    }

    /** The band whose handle this is, or lies around this. */
    bandOf(target: EventTarget | null): number | undefined {
        const handle = target instanceof Element ? target.closest<HTMLElement>(".eq-handle") : null;
        return handle === null ? undefined : Number(handle.dataset.band);
    }

    isShown(band: number): boolean {
        return !this.elements[band].hidden;
    }

    focus(band: number): void {
        this.elements[band]?.focus({ preventScroll: true });
    }

    /** Shows the bands in use at their places. */
    place(bands: readonly Band[], plot: Plot, selected: number | undefined, limits: { min: number; max: number }): void {
        bands.forEach((band, i) => {
            const element = this.elements[i];
            const isHidden = isUntouched(band);
            if (element.hidden !== isHidden) element.hidden = isHidden;
            if (isHidden) return;
            const x = Math.min(Math.max(xOf(plot, band.frequency), plot.left), plot.left + plot.width);
            const y = Math.min(Math.max(yOf(plot, handleDb(band)), plot.top), plot.top + plot.height);
            const text = `${band.type} ${bandText(band)} ${i === selected}`;
            element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
            if (this.shown[i] === text) return;
            this.shown[i] = text;
            element.classList.toggle("off", !band.isEnabled);
            element.classList.toggle("selected", i === selected);
            element.setAttribute("aria-label", `Band ${i + 1}, ${typeNames[band.type]}`);
            element.setAttribute("aria-valuetext", bandText(band));
            element.setAttribute("aria-valuenow", String(band.frequency));
            element.setAttribute("aria-valuemin", String(limits.min));
            element.setAttribute("aria-valuemax", String(limits.max));
        });
    }
}
