"""Whether what is on a page can be seen and hit: nothing overlaps, nothing is cut off, targets are large enough."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

LOOK = """(least) => {
    const controls = "button, input, select, textarea, a[href], [role=slider], [role=tab], [role=separator], [role=option], "
        + "[role=treeitem], [role=switch], [role=checkbox], [role=radio], [role=spinbutton]";
    const name = (element) => {
        const text = element.getAttribute("aria-label") ?? element.innerText ?? element.value ?? "";
        return `${element.tagName.toLowerCase()}${element.className && typeof element.className === "string"
            ? "." + element.className.trim().split(/\\s+/).join(".") : ""} "${text.trim().slice(0, 40)}"`;
    };
    const clips = (style) => /(auto|scroll|hidden|clip)/.test(style.overflowX + style.overflowY);
    // The part of an element that its ancestors let through, and whether scrolling brings out the rest.
    const seen = (element) => {
        const whole = element.getBoundingClientRect();
        const box = { left: whole.left, top: whole.top, right: whole.right, bottom: whole.bottom, scrolls: false };
        for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
            const style = getComputedStyle(parent);
            if (!clips(style)) continue;
            const edge = parent.getBoundingClientRect();
            if (/(auto|scroll)/.test(style.overflowX + style.overflowY)) box.scrolls = true;
            box.left = Math.max(box.left, edge.left);
            box.top = Math.max(box.top, edge.top);
            box.right = Math.min(box.right, edge.right);
            box.bottom = Math.min(box.bottom, edge.bottom);
        }
        return box;
    };
    const shown = [...document.querySelectorAll(controls)].filter((element) => {
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        return box.width > 2 && box.height > 2 && style.visibility !== "hidden" && style.opacity !== "0"
            && style.clipPath === "none" && !element.closest("[aria-hidden=true]");
    });
    const faults = [];
    const boxes = [];
    for (const element of shown) {
        const whole = element.getBoundingClientRect();
        const box = seen(element);
        if (!box.scrolls && (whole.left < -1 || whole.top < -1 || whole.right > innerWidth + 1 || whole.bottom > innerHeight + 1)) {
            faults.push(`outside of the window: ${name(element)}`);
        }
        if (!box.scrolls && (box.right - box.left < whole.width - 1 || box.bottom - box.top < whole.height - 1)) {
            faults.push(`cut off: ${name(element)}`);
        }
        if (box.right - box.left < 2 || box.bottom - box.top < 2) continue;
        boxes.push({ element, box });
        const halo = getComputedStyle(element, "::after");
        const reaches = halo.content !== "none" && halo.position === "absolute"
            && parseFloat(halo.width) >= least && parseFloat(halo.height) >= least;
        if (!reaches && (whole.width < least || whole.height < least)) {
            // A field may be hit by its label, a small thing by the larger one that it lies in.
            const label = element.closest("label")?.getBoundingClientRect() ?? whole;
            if (label.width < least || label.height < least) {
                faults.push(`smaller than ${least} px: ${name(element)} ${Math.round(whole.width)}×${Math.round(whole.height)}`);
            }
        }
    }
    for (const element of document.querySelectorAll("h1, h2, h3, dt, dd, legend, caption")) {
        const box = seen(element);
        const isShown = box.right - box.left >= 2 && box.bottom - box.top >= 2;
        if (isShown && !element.closest("[aria-hidden=true], .hidden-text")) boxes.push({ element, box });
    }
    for (let first = 0; first < boxes.length; first += 1) {
        for (let second = first + 1; second < boxes.length; second += 1) {
            const a = boxes[first], b = boxes[second];
            if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
            const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            if (width > 2 && height > 2) faults.push(`overlap: ${name(a.element)} and ${name(b.element)}`);
        }
    }
    const pen = document.createElement("canvas").getContext("2d");
    for (const element of shown.filter((control) => control.matches("select, input:not([type=range], [type=checkbox])"))) {
        const style = getComputedStyle(element);
        pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const text = element.selectedOptions ? element.selectedOptions[0]?.text ?? "" : element.value;
        const arrow = element.matches("select") && style.appearance !== "none" ? 16 : 0;
        const room = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
        if (pen.measureText(text).width > room + 1) faults.push(`"${text}" does not fit: ${name(element)}`);
    }
    for (const element of document.querySelectorAll("th, td")) {
        const frame = element.closest("table")?.parentElement.getBoundingClientRect();
        const cell = element.getBoundingClientRect();
        if (frame && cell.width > 2 && cell.right > frame.right + 1) faults.push(`cut off sideways: ${name(element)}`);
    }
    for (const element of document.querySelectorAll("button, label, h1, h2, h3, dt, dd, th, td, legend, p, [role=tab]")) {
        const style = getComputedStyle(element);
        const box = seen(element);
        if (box.right - box.left < 2 || box.bottom - box.top < 2 || element.closest("[aria-hidden=true]")) continue;
        if (/(hidden|clip)/.test(style.overflowX) && style.textOverflow !== "ellipsis" && element.clientWidth > 2
            && element.scrollWidth > element.clientWidth + 1) {
            faults.push(`text is cut off: ${name(element)}`);
        }
    }
    if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways");
    if (document.documentElement.scrollHeight > innerHeight) faults.push("the page scrolls");
    return faults;
}"""


def faults(page: Page, least_target: int = 0) -> list[str]:
    """What cannot be seen or hit properly. `least_target` is the least width and height of a control in pixels."""
    found: list[Any] = page.evaluate(LOOK, least_target)
    return list(dict.fromkeys(str(fault) for fault in found))
