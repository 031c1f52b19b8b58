// Numbers at the pointer.
import { handleDb } from "./model";
import type { Band } from "./bands";
import { bandText } from "./handles";
import { dbOf, hertzOf, xOf, yOf, type Plot } from "./plot";
import { gainText, hertzText } from "./texts";

export class Readout {
    constructor(private readonly element: HTMLElement) {}

    hide(): void {
        this.element.hidden = true;
    }

    /** A band beside its handle. */
    band(band: Band, index: number, plot: Plot): void {
        this.say(`${index + 1}: ${bandText(band)}`, xOf(plot, band.frequency), yOf(plot, handleDb(band)));
    }

    /** Frequency and level of a place, where it is one. */
    place(x: number, y: number, plot: Plot): void {
        const isInside = x >= plot.left && x <= plot.left + plot.width && y >= plot.top && y <= plot.top + plot.height;
        if (isInside) this.say(`${hertzText(hertzOf(plot, x))}, ${gainText(dbOf(plot, y))}`, x, y);
        else this.hide();
    }

    private say(text: string, x: number, y: number): void {
        const { element } = this;
        element.textContent = text;
        element.hidden = false;
        const { clientWidth, clientHeight } = element.parentElement ?? element;
        const left = Math.min(Math.max(x + 14, 2), Math.max(2, clientWidth - element.offsetWidth - 2));
        const above = y - element.offsetHeight - 14;
        const top = above < 2 ? Math.min(y + 16, clientHeight - element.offsetHeight - 2) : above;
        element.style.transform = `translate(${left.toFixed(0)}px, ${top.toFixed(0)}px)`;
    }
}
