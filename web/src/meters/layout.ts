/** A rectangle in CSS pixels. */
export interface Box { x: number; y: number; width: number; height: number }

/** Where one channel is drawn. */
export interface ChannelBox {
    source: string;
    channel: number;
    /** The bar, without its clip light. */
    bar: Box;
    clip: Box;
    /** The numeric read-out: held peak and RMS. */
    peakText: Box;
    rmsText: Box;
    /** The channel's number. */
    name: Box;
}

/** Where one source is drawn. */
export interface GroupBox { source: string; label: string; box: Box; channels: ChannelBox[] }

/** Where everything is drawn, and how large the canvas has to be for it. */
export interface MeterLayout { width: number; height: number; groups: GroupBox[]; scale: Box[] }

/** What is laid out. */
export interface LayoutSource { id: string; label: string; channels: number }

/** Sizes in CSS pixels. */
export const sizes = {
    title: 18, clip: 10, text: 14, name: 13, gap: 6, scale: 36, pitch: 40, widest: 56, group: 14,
    row: 18, column: 300, value: 88, number: 22, least: 84,
} as const;

/** Bars that stand side by side. Wider than `width` when they would get too narrow for their numbers. */
export function verticalLayout(sources: readonly LayoutSource[], width: number, height: number): MeterLayout {
    const count = sources.reduce((sum, source) => sum + Math.max(2, source.channels), 0);
    const free = width - sizes.scale - sizes.group * sources.length;
    const pitch = Math.min(sizes.widest, Math.max(sizes.pitch, Math.floor(free / Math.max(1, count))));
    const top = sizes.title + sizes.clip + sizes.gap;
    const barHeight = Math.max(40, height - top - 2 * sizes.text - sizes.name - sizes.gap);
    const below = top + barHeight + 3;
    const groups: GroupBox[] = [];
    let x = sizes.scale;
    for (const source of sources) {
        const wide = Math.max(sizes.least, pitch * source.channels);
        const channels: ChannelBox[] = [];
        for (let channel = 0; channel < source.channels; channel++) {
            const left = x + (wide - pitch * source.channels) / 2 + channel * pitch;
            const barWidth = Math.min(22, pitch - 14);
            const barLeft = left + (pitch - barWidth) / 2;
            channels.push({
                source: source.id,
                channel,
                bar: { x: barLeft, y: top, width: barWidth, height: barHeight },
                clip: { x: barLeft, y: sizes.title, width: barWidth, height: sizes.clip },
                name: { x: left, y: below, width: pitch, height: sizes.name },
                peakText: { x: left, y: below + sizes.name, width: pitch, height: sizes.text },
                rmsText: { x: left, y: below + sizes.name + sizes.text, width: pitch, height: sizes.text },
            });
        }
        groups.push({ source: source.id, label: source.label, box: { x, y: 0, width: wide, height }, channels });
        x += wide + sizes.group;
    }
    const scale = [{ x: 0, y: top, width: sizes.scale - 6, height: barHeight }];
    return { width: Math.max(width, x), height: Math.max(height, below + sizes.name + 2 * sizes.text), groups, scale };
}

/** Bars that lie above each other, in as many columns as fit. Higher than `height` when there are many. */
export function horizontalLayout(sources: readonly LayoutSource[], width: number, height: number): MeterLayout {
    const columns = Math.max(1, Math.min(sources.length, Math.floor(width / sizes.column)));
    const columnWidth = width / columns;
    const bottoms = new Array<number>(columns).fill(0);
    const groups: GroupBox[] = [];
    for (const source of sources) {
        const column = bottoms.indexOf(Math.min(...bottoms));
        const x = column * columnWidth;
        const y = bottoms[column];
        const high = sizes.title + Math.max(1, source.channels) * sizes.row;
        const barLeft = x + sizes.number;
        const barWidth = Math.max(60, columnWidth - sizes.number - sizes.clip - sizes.value - 3 * sizes.gap);
        const valueLeft = barLeft + barWidth + sizes.clip + 2 * sizes.gap;
        const channels: ChannelBox[] = [];
        for (let channel = 0; channel < source.channels; channel++) {
            const middle = y + sizes.title + (channel + 0.5) * sizes.row;
            channels.push({
                source: source.id,
                channel,
                bar: { x: barLeft, y: middle - 6, width: barWidth, height: 12 },
                clip: { x: barLeft + barWidth + sizes.gap, y: middle - 6, width: sizes.clip, height: 12 },
                peakText: { x: valueLeft, y: middle - 7, width: sizes.value / 2, height: sizes.text },
                rmsText: { x: valueLeft + sizes.value / 2, y: middle - 7, width: sizes.value / 2, height: sizes.text },
                name: { x, y: middle - 7, width: sizes.number, height: sizes.text },
            });
        }
        groups.push({
            source: source.id, label: source.label, channels,
            box: { x, y, width: columnWidth - sizes.group, height: high },
        });
        bottoms[column] = y + high + sizes.gap;
    }
    const lowest = Math.max(0, ...bottoms);
    const scale = bottoms.filter((bottom) => bottom > 0).map((bottom, column) => ({
        x: column * columnWidth + sizes.number,
        y: bottom,
        width: Math.max(60, columnWidth - sizes.number - sizes.clip - sizes.value - 3 * sizes.gap),
        height: sizes.text,
    }));
    return { width, height: Math.max(height, lowest + sizes.text + sizes.gap), groups, scale };
}

/** The channel at a point; its whole strip counts, so that a finger finds it. */
export function channelAt(layout: MeterLayout, x: number, y: number): ChannelBox | undefined {
    const reach = sizes.row / 2;
    return channelsOf(layout).find(({ bar, clip }) => {
        const left = Math.min(bar.x, clip.x) - reach;
        const right = Math.max(bar.x + bar.width, clip.x + clip.width) + reach;
        const top = Math.min(bar.y, clip.y) - 3;
        const bottom = Math.max(bar.y + bar.height, clip.y + clip.height) + 3;
        return x >= left && x < right && y >= top && y < bottom;
    });
}

/** All channels in reading order. */
export function channelsOf(layout: MeterLayout): ChannelBox[] {
    return layout.groups.flatMap((group) => group.channels);
}
