// Parameter values: what the node confirmed, and over it what this page has asked for and not yet heard of.
import type { Scalar } from "./types";

type Values = Map<string, string>;

/** A value as the node writes it. */
export function wireText(value: Scalar): string {
    return typeof value === "number" && Object.is(value, -0) ? "0" : String(value);
}

export class ValueStore {
    private confirmed = new Map<string, Values>();
    private readonly wished = new Map<string, Values>();
    private readonly keyListeners = new Map<string, Set<() => void>>();
    private readonly instanceListeners = new Map<string, Set<() => void>>();
    private readonly versions = new Map<string, number>();

    /** The value in force on the page; undefined if the node has told none. */
    get(instance: string, key: string): string | undefined {
        return this.wished.get(instance)?.get(key) ?? this.confirmed.get(instance)?.get(key);
    }

    /** What the node confirmed. */
    confirmedValue(instance: string, key: string): string | undefined {
        return this.confirmed.get(instance)?.get(key);
    }

    /** All values of an instance. */
    all(instance: string): Record<string, string> {
        return Object.fromEntries([...(this.confirmed.get(instance) ?? []), ...(this.wished.get(instance) ?? [])]);
    }

    /** Counts up whenever a value of the instance changes. */
    version(instance: string): number {
        return this.versions.get(instance) ?? 0;
    }

    /** The node says what holds. */
    confirm(instance: string, values: Record<string, string>): void {
        this.change(instance, Object.keys(values), () => {
            const own = this.confirmed.get(instance) ?? new Map<string, string>();
            this.confirmed.set(instance, own);
            for (const [key, value] of Object.entries(values)) own.set(key, value);
        });
    }

    /** The node says everything that holds: of one instance, or of all. What it does not name exists no more. */
    replace(instances: Record<string, Record<string, string>>, isWhole: boolean): void {
        const gone = isWhole ? [...this.confirmed.keys()].filter((instance) => !(instance in instances)) : [];
        for (const [instance, values] of [...Object.entries(instances), ...gone.map((id) => [id, {}] as const)]) {
            const keys = new Set([...Object.keys(values), ...(this.confirmed.get(instance)?.keys() ?? [])]);
            this.change(instance, [...keys], () => {
                if (Object.keys(values).length === 0) this.confirmed.delete(instance);
                else this.confirmed.set(instance, new Map(Object.entries(values)));
            });
        }
    }

    /** The page shows values that the node has not confirmed. */
    wish(instance: string, values: Record<string, string>): void {
        this.change(instance, Object.keys(values), () => {
            const own = this.wished.get(instance) ?? new Map<string, string>();
            this.wished.set(instance, own);
            for (const [key, value] of Object.entries(values)) own.set(key, value);
        });
    }

    /** The page's wish is decided: what the node confirmed holds, unless a newer wish stands in its place. */
    settle(instance: string, values: Record<string, string>): void {
        const own = this.wished.get(instance);
        if (own === undefined) return;
        const keys = Object.keys(values).filter((key) => own.get(key) === values[key]);
        this.change(instance, keys, () => {
            for (const key of keys) own.delete(key);
            if (own.size === 0) this.wished.delete(instance);
        });
    }

    /** Drops every wish. */
    forgetWishes(): void {
        for (const [instance, values] of [...this.wished]) this.settle(instance, Object.fromEntries(values));
    }

    /** Tells of changes of one value. */
    watch(instance: string, key: string, listener: () => void): () => void {
        return watchIn(this.keyListeners, `${instance} ${key}`, listener);
    }

    /** Tells of changes of any value of an instance. */
    watchAll(instance: string, listener: () => void): () => void {
        return watchIn(this.instanceListeners, instance, listener);
    }

    private change(instance: string, keys: string[], body: () => void): void {
        const before = keys.map((key) => this.get(instance, key));
        body();
        const changed = keys.filter((key, index) => this.get(instance, key) !== before[index]);
        if (changed.length === 0) return;
        this.versions.set(instance, this.version(instance) + 1);
        for (const key of changed) {
            for (const listener of [...(this.keyListeners.get(`${instance} ${key}`) ?? [])]) listener();
        }
        for (const listener of [...(this.instanceListeners.get(instance) ?? [])]) listener();
    }
}

function watchIn(all: Map<string, Set<() => void>>, name: string, listener: () => void): () => void {
    const listeners = all.get(name) ?? new Set<() => void>();
    all.set(name, listeners);
    listeners.add(listener);
    return () => {
        listeners.delete(listener);
        if (listeners.size === 0) all.delete(name);
    };
}
