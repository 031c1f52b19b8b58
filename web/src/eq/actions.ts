// What can be done with all bands of a channel at once.
import { bandCount, isUntouched } from "./bands";
import { copied, copyBands } from "./clipboard";
import { download } from "./export/download";
import { apoText, bandsCsv, curveCsv, rewText } from "./export/text";
import type { EqModel } from "./model";
import { highestHz, lowestHz } from "./plot";
import { logGrid } from "./response";

type Notify = (kind: "info" | "error", text: string) => void;

export class EqActions {
    constructor(
        private readonly model: EqModel,
        private readonly channel: number,
        private readonly notify: Notify,
    ) {}

    /** Copies one band, or with undefined all of the channel. */
    copy(band: number | undefined): void {
        const bands = this.model.bands(this.channel);
        const chosen = band === undefined ? bands.filter((one) => !isUntouched(one)) : [bands[band]];
        if (chosen.length === 0) return;
        copyBands(chosen, band === undefined, this.model.sampleRate);
        this.notify("info", band === undefined ? `${count(chosen.length)} copied.` : `Band ${band + 1} copied.`);
    }

    /** Replaces the channel's bands by those copied, or adds a single one. */
    paste(): void {
        const { model, channel } = this;
        const source = copied.get();
        if (!source) {
            this.notify("error", "Nothing was copied yet: copy bands of this or another equaliser first.");
            return;
        }
        if (source.isWhole) {
            model.replace(channel, source.bands);
            return;
        }
        const next = new Map(model.linked(channel).map((member) => [member, model.appended(member, source.bands) ?? []]));
        if ([...next.values()].some((bands) => bands.length === 0)) {
            this.notify("error", `All ${bandCount} bands are in use: remove one first.`);
            return;
        }
        model.replaceAll(next);
    }

    sort(): void {
        this.model.sort(this.channel);
    }

    /** Makes all bands of the channel what they were in the beginning. */
    reset(): void {
        if (this.model.replace(this.channel, [])) this.notify("info", "All bands are reset; undo brings them back.");
    }

    exportRew(): void {
        const { model, channel } = this;
        const { text, left } = rewText(model.bands(channel), `${model.instance} channel ${channel + 1}`, new Date());
        this.save(`${this.name}-channel-${channel + 1}-rew.txt`, text, left, "text/plain");
    }

    exportApo(): void {
        const { text, left } = apoText(this.all(), this.model.sampleRate);
        this.save(`${this.name}-equalizer-apo.txt`, text, left, "text/plain");
    }

    exportBands(): void {
        const { text, left } = bandsCsv(this.all());
        this.save(`${this.name}-bands.csv`, text, left, "text/csv");
    }

    exportCurve(): void {
        const { sampleRate } = this.model;
        const { text, left } = curveCsv(this.all(), logGrid(sampleRate, lowestHz, Math.min(highestHz, 0.49 * sampleRate), 480));
        this.save(`${this.name}-curve.csv`, text, left, "text/csv");
    }

    private all(): ReturnType<EqModel["bands"]>[] {
        return Array.from({ length: this.model.channelCount }, (_, channel) => this.model.bands(channel));
    }

    private get name(): string {
        return this.model.instance.replace(/[^\w.-]+/g, "-");
    }

    private save(name: string, text: string, left: readonly string[], type: string): void {
        download(name, text, type);
        if (left.length > 0) this.notify("error", `Not in the file: ${left.join("; ")}.`);
    }
}

function count(bands: number): string {
    return `${bands} band${bands === 1 ? "" : "s"}`;
}
