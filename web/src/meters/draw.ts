import { themeColour } from "../frame/theme";
import { ChannelMeter, clipDb } from "./ballistics";
import { decibelText } from "./decibels";
import { Box, ChannelBox, MeterLayout } from "./layout";
import { ScaleFloor, place, ticks } from "./scale";

/** From these levels on a bar has the next colour, dBFS. */
const zones = [
    { from: -Infinity, colour: "--meter-low" },
    { from: -18, colour: "--meter-mid" },
    { from: -3, colour: "--meter-high" },
];

const small = "10px system-ui, sans-serif";
const figures = "10.5px ui-monospace, 'DejaVu Sans Mono', monospace";

/** What is drawn with what. */
export interface MeterPicture {
    context: CanvasRenderingContext2D;
    layout: MeterLayout;
    floor: ScaleFloor;
    isHorizontal: boolean;
}

/** Everything that stays: titles, scales, channel numbers. Clears the canvas. */
export function drawFixed({ context, layout, floor, isHorizontal }: MeterPicture): void {
    context.clearRect(0, 0, layout.width, layout.height);
    context.textBaseline = "middle";
    for (const group of layout.groups) {
        context.font = "600 11px system-ui, sans-serif";
        context.fillStyle = themeColour("--text");
        context.textAlign = isHorizontal ? "left" : "center";
        const room = isHorizontal ? group.box.width - 110 : group.box.width + 8;
        const x = isHorizontal ? group.box.x + 4 : group.box.x + group.box.width / 2;
        context.fillText(fitted(context, group.label, room), x, group.box.y + 8);
        if (group.channels.length === 0) {
            context.font = small;
            context.fillStyle = themeColour("--text-faint");
            context.fillText("no level", x, group.box.y + (isHorizontal ? 27 : 40));
        }
        context.font = small;
        for (const box of group.channels) {
            context.fillStyle = themeColour("--text-dim");
            context.textAlign = "center";
            context.fillText(String(box.channel + 1), middleX(box.name), middleY(box.name));
        }
        if (isHorizontal && group.channels.length > 0) {
            const first = group.channels[0];
            context.fillStyle = themeColour("--text-faint");
            context.textAlign = "right";
            context.fillText("peak", first.peakText.x + first.peakText.width - 2, group.box.y + 8);
            context.fillText("RMS", first.rmsText.x + first.rmsText.width - 2, group.box.y + 8);
        }
    }
    for (const box of layout.scale) drawScale(context, box, floor, isHorizontal);
    if (!isHorizontal && layout.groups.some((group) => group.channels.length > 0)) drawRowNames(context, layout);
}

function drawRowNames(context: CanvasRenderingContext2D, layout: MeterLayout): void {
    const first = layout.groups.find((group) => group.channels.length > 0)?.channels[0];
    if (!first) return;
    context.font = small;
    context.textAlign = "left";
    context.fillStyle = themeColour("--text-faint");
    context.fillText("peak", 1, middleY(first.peakText));
    context.fillText("RMS", 1, middleY(first.rmsText));
}

function drawScale(context: CanvasRenderingContext2D, box: Box, floor: ScaleFloor, isHorizontal: boolean): void {
    context.font = small;
    let last = -Infinity;
    for (const db of [...ticks(floor)].reverse()) {
        const part = place(db, floor);
        const at = isHorizontal ? box.x + part * box.width : box.y + (1 - part) * box.height;
        const along = isHorizontal ? at : -at;
        const room = isHorizontal ? 26 : 12;
        if (along - last < room) continue;
        last = along;
        context.fillStyle = themeColour(db === clipDb ? "--text" : "--text-faint");
        context.textAlign = isHorizontal ? "center" : "right";
        const text = db > 0 ? `+${db}` : String(db).replace("-", "−");
        if (isHorizontal) context.fillText(text, at, box.y + box.height / 2);
        else context.fillText(text, box.x + box.width - 4, Math.max(at, box.y + 3));
        context.fillStyle = themeColour("--line-strong");
        if (isHorizontal) context.fillRect(at, box.y - 3, 1, 3);
        else context.fillRect(box.x + box.width - 1, at, 5, 1);
    }
    context.fillStyle = themeColour("--text-faint");
    context.textAlign = isHorizontal ? "left" : "right";
    if (isHorizontal) context.fillText("dBFS", box.x + box.width + 8, box.y + box.height / 2);
    else context.fillText("dBFS", box.x + box.width - 2, box.y - 20);
}

/** One channel's bar and clip light. */
export function drawBar(picture: MeterPicture, box: ChannelBox, meter: ChannelMeter, showHold: boolean): void {
    const { context, floor, isHorizontal } = picture;
    const { bar, clip } = box;
    const part = (from: number, to: number) => {
        if (to <= from) return;
        if (isHorizontal) context.fillRect(bar.x + from * bar.width, bar.y, (to - from) * bar.width, bar.height);
        else context.fillRect(bar.x, bar.y + (1 - to) * bar.height, bar.width, (to - from) * bar.height);
    };
    context.fillStyle = themeColour("--meter-back");
    context.fillRect(bar.x, bar.y, bar.width, bar.height);
    const peak = place(meter.peakDb, floor);
    const rms = place(meter.rmsDb, floor);
    zones.forEach((zone, index) => {
        const from = zone.from === -Infinity ? 0 : place(zone.from, floor);
        const next = zones[index + 1];
        const to = next ? place(next.from, floor) : 1;
        context.fillStyle = themeColour(zone.colour);
        context.globalAlpha = 0.45;
        part(Math.max(from, rms), Math.min(to, peak));
        context.globalAlpha = 1;
        part(from, Math.min(to, rms));
    });
    const hold = place(meter.holdDb, floor);
    if (showHold && hold > 0) {
        context.fillStyle = themeColour(meter.holdDb >= clipDb ? "--meter-high" : "--meter-hold");
        const x = Math.min(bar.x + hold * bar.width, bar.x + bar.width - 2);
        const y = Math.max(bar.y, bar.y + (1 - hold) * bar.height - 1);
        if (isHorizontal) context.fillRect(x, bar.y, 2, bar.height);
        else context.fillRect(bar.x, y, bar.width, 2);
    }
    // Full scale.
    context.fillStyle = themeColour("--line-strong");
    const full = place(clipDb, floor);
    if (isHorizontal) context.fillRect(bar.x + full * bar.width, bar.y, 1, bar.height);
    else context.fillRect(bar.x, bar.y + (1 - full) * bar.height, bar.width, 1);
    context.fillStyle = themeColour(meter.clipped ? "--meter-high" : "--meter-back");
    context.fillRect(clip.x, clip.y, clip.width, clip.height);
    context.strokeStyle = themeColour(meter.clipped ? "--meter-high" : "--line-strong");
    context.lineWidth = 1;
    context.strokeRect(clip.x + 0.5, clip.y + 0.5, clip.width - 1, clip.height - 1);
}

/** One channel's numbers: held peak and RMS. */
export function drawNumbers({ context, isHorizontal }: MeterPicture, box: ChannelBox, meter: ChannelMeter): void {
    context.font = figures;
    context.textBaseline = "middle";
    context.textAlign = isHorizontal ? "right" : "center";
    const write = (area: Box, text: string, colour: string) => {
        context.clearRect(area.x, area.y, area.width, area.height);
        context.fillStyle = themeColour(colour);
        context.fillText(text, isHorizontal ? area.x + area.width - 2 : middleX(area), middleY(area));
    };
    write(box.peakText, decibelText(meter.holdDb), meter.clipped ? "--danger" : "--text");
    write(box.rmsText, decibelText(meter.rmsDb), "--text-dim");
}

/** The frame around the channel that the keyboard has chosen. */
export function drawCursor({ context }: MeterPicture, box: ChannelBox): void {
    const left = Math.min(box.bar.x, box.clip.x) - 2;
    const top = Math.min(box.bar.y, box.clip.y) - 2;
    const right = Math.max(box.bar.x + box.bar.width, box.clip.x + box.clip.width) + 2;
    const bottom = Math.max(box.bar.y + box.bar.height, box.clip.y + box.clip.height) + 2;
    context.strokeStyle = themeColour("--focus");
    context.lineWidth = 1.5;
    context.strokeRect(left, top, right - left, bottom - top);
}

function middleX(box: Box): number {
    return box.x + box.width / 2;
}

function middleY(box: Box): number {
    return box.y + box.height / 2;
}

/** The text, its beginning replaced by "…" where there is no room: what differs mostly stands at the end. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
    if (context.measureText(text).width <= room) return text;
    for (let from = 1; from < text.length; from++) {
        const shorter = `…${text.slice(from).trimStart()}`;
        if (context.measureText(shorter).width <= room) return shorter;
    }
    return "…";
}
