// Draws the graph of one channel into its two canvases and places the handles; redraws only what is old.
import type { Band } from "./bands";
import { Curves } from "./curves";
import { Handles } from "./handles";
import type { EqModel } from "./model";
import { paintCurves, paintGrid, paintSpectra, prepared, secondAxis, type SecondAxis } from "./paint";
import { highestHz, lowestHz, plotOf, type Plot } from "./plot";
import { logGrid } from "./response";
import { eqSettings } from "./settings";
import type { Spectra } from "./spectra";

export class GraphCanvas {
    plot: Plot = plotOf(1, 1, 12);
    size = { width: 0, height: 0 };
    /** The bands as they were drawn last. */
    bands: readonly Band[] = [];
    selected: number | undefined;
    private readonly curves = new Map<number, Curves>();
    private model: EqModel | null = null;
    private channel = 0;
    private axis: SecondAxis = { kind: "none", range: 180 };
    private isCurveOld = true;
    private isBackOld = true;

    constructor(
        private readonly back: HTMLCanvasElement,
        private readonly front: HTMLCanvasElement,
        private readonly handles: Handles,
        private readonly spectra: Spectra,
    ) {}

    show(model: EqModel | null, channel: number): void {
        if (model?.sampleRate !== this.model?.sampleRate) this.curves.clear();
        this.model = model;
        this.channel = channel;
        this.refresh();
    }

    resize(width: number, height: number): void {
        if (width === this.size.width && height === this.size.height) return;
        this.size = { width, height };
        this.curves.clear();
        this.settle();
    }

    /** Settings have changed. */
    settle(): void {
        this.plot = plotOf(this.size.width, this.size.height, eqSettings.get().range);
        this.refresh();
    }

    /** Everything is to be drawn again. */
    refresh(): void {
        this.isCurveOld = this.isBackOld = true;
    }

    /** The curves are to be drawn with the next picture. */
    ageCurves(): void {
        this.isCurveOld = true;
    }

    /** What lies behind them likewise. */
    ageBack(): void {
        this.isBackOld = true;
    }

    /** Draws what is old. */
    draw(): void {
        const { width, height } = this.size;
        if ((!this.isCurveOld && !this.isBackOld) || width < 2 || height < 2) return;
        if (this.isCurveOld) this.drawCurves();
        if (this.isBackOld) this.drawBack();
    }

    /** Draws the curves and places the handles at once. */
    drawCurves(): void {
        this.isCurveOld = false;
        const context = prepared(this.front, this.size.width, this.size.height);
        const { model, plot, channel } = this;
        const settings = eqSettings.get();
        const count = model?.channelCount ?? 0;
        this.bands = model && count > channel ? model.bands(channel) : [];
        this.handles.place(this.bands, plot, this.selected, model?.limits.frequency ?? { min: 10, max: 20000 });
        if (!context || !model || this.bands.length === 0) return;
        const curves = this.curvesOf(channel, model);
        curves.update(this.bands);
        const others: Curves[] = [];
        for (let other = 0; settings.showsOthers && other < count; other++) {
            if (other === channel) continue;
            const own = this.curvesOf(other, model);
            own.update(model.bands(other));
            others.push(own);
        }
        const axis = secondAxis(settings.second, curves);
        if (axis.kind !== this.axis.kind || axis.range !== this.axis.range) {
            this.axis = axis;
            this.isBackOld = true;
        }
        const { bands, selected } = this;
        paintCurves(context, { plot, curves, bands, others, selected, showsBands: settings.showsBands, axis });
    }

    private drawBack(): void {
        this.isBackOld = false;
        const context = prepared(this.back, this.size.width, this.size.height);
        if (!context) return;
        const { showsPre, showsPost } = eqSettings.get();
        const pre = showsPre ? this.spectra.line("input") : null;
        const post = showsPost ? this.spectra.line("output") : null;
        paintGrid(context, this.plot, this.axis, pre !== null || post !== null);
        paintSpectra(context, this.plot, pre, post);
    }

    private curvesOf(channel: number, model: EqModel): Curves {
        const present = this.curves.get(channel);
        if (present) return present;
        const rate = model.sampleRate;
        const count = Math.max(48, Math.round(this.plot.width / 1.5));
        const made = new Curves(logGrid(rate, lowestHz, Math.min(highestHz, 0.4999 * rate), count));
        this.curves.set(channel, made);
        return made;
    }
}
