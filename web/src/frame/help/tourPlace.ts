// Where the tour's card stands beside what it points at.

export interface Box {
    left: number;
    top: number;
    width: number;
    height: number;
}

const gap = 12;

/** A place for a card of `size` near `target`, inside the window: beside it if there is room, else over it. */
export function cardPlace(target: Box, size: { width: number; height: number }, view: { width: number; height: number }): {
    left: number;
    top: number;
} {
    const fit = (value: number, length: number, whole: number): number =>
        Math.max(gap, Math.min(value, whole - length - gap));
    const middleX = fit(target.left + (target.width - size.width) / 2, size.width, view.width);
    const middleY = fit(target.top + (target.height - size.height) / 2, size.height, view.height);
    if (target.left + target.width + gap + size.width + gap <= view.width) {
        return { left: target.left + target.width + gap, top: middleY };
    }
    if (target.left - gap - size.width >= gap) return { left: target.left - gap - size.width, top: middleY };
    if (target.top - gap - size.height >= gap) return { left: middleX, top: target.top - gap - size.height };
    if (target.top + target.height + gap + size.height + gap <= view.height) {
        return { left: middleX, top: target.top + target.height + gap };
    }
    return { left: middleX, top: middleY };
}
