// How components watch a store: they draw again only when what they select has changed.
import { useRef, useSyncExternalStore } from "react";

/** Whether two values are the same, or arrays or plain objects with the same parts. */
export function shallowEqual(a: unknown, b: unknown): boolean {
    if (Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (Array.isArray(a) !== Array.isArray(b)) return false;
    const keysOfA = Object.keys(a);
    if (keysOfA.length !== Object.keys(b).length) return false;
    return keysOfA.every((key) => {
        const left = (a as Record<string, unknown>)[key];
        return Object.prototype.hasOwnProperty.call(b, key) && Object.is(left, (b as Record<string, unknown>)[key]);
    });
}

/** A state that is replaced, never changed, and who is told of it. */
export class Observable<S> {
    private readonly listeners = new Set<() => void>();

    constructor(private state: S) {}

    readonly get = (): S => this.state;

    readonly subscribe = (listener: () => void): (() => void) => {
        this.listeners.add(listener);
        return () => {
            this.listeners.delete(listener);
        };
    };

    set(state: S): void {
        if (Object.is(state, this.state)) return;
        this.state = state;
        for (const listener of [...this.listeners]) listener();
    }

    /** Replaces some of the state's parts. */
    update(parts: Partial<S>): void {
        this.set({ ...this.state, ...parts });
    }
}

/** What `select` makes of the state; the component draws again when it is no longer shallow-equal. */
export function useSelected<S, T>(store: Observable<S>, select: (state: S) => T): T {
    const last = useRef<{ value: T } | null>(null);
    const read = (): T => {
        const value = select(store.get());
        if (last.current !== null && shallowEqual(last.current.value, value)) return last.current.value;
        last.current = { value };
        return value;
    };
    return useSyncExternalStore(store.subscribe, read);
}
