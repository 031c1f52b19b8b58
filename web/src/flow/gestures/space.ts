/**
 * Whether Space means the view: not in a field, nor while a control has the focus that the keyboard led to
 * (`isLedByKeys`), which Space presses. A button that was clicked keeps the focus, but the hand is at the pointer.
 */
export function meansView(active: Element | null, viewport: Element, body: Element, isLedByKeys: boolean): boolean {
    if (active === null || active === body || active === viewport) return true;
    if (viewport.contains(active) && active.matches(".flow-module")) return true;
    return !isLedByKeys && active.matches("button, [role=button], [role=tab], [role=treeitem]");
}

/** Space held while the pointer is over the drawing: the pointer moves the view. Returns how to stop. */
export function startSpace(viewport: HTMLElement): () => void {
    let isLedByKeys = false;
    const press = () => {
        isLedByKeys = false;
    };
    const down = (event: KeyboardEvent) => {
        if (event.key === "Tab" || event.key.startsWith("Arrow")) isLedByKeys = true;
        if (event.key !== " " || !viewport.matches(":hover")) return;
        if (!meansView(document.activeElement, viewport, document.body, isLedByKeys)) return;
        event.preventDefault();
        viewport.dataset.space = "true";
    };
    const up = (event: KeyboardEvent) => {
        if (event.key === " ") delete viewport.dataset.space;
    };
    const leave = () => delete viewport.dataset.space;
    window.addEventListener("pointerdown", press, true);
    window.addEventListener("keydown", down, true);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", leave);
    return () => {
        window.removeEventListener("pointerdown", press, true);
        window.removeEventListener("keydown", down, true);
        window.removeEventListener("keyup", up);
        window.removeEventListener("blur", leave);
    };
}
