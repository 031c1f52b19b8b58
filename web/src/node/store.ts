// The page's one view of its node: state, parameter values, changes. Components use `useNode` and `useValue`.
import { useCallback, useSyncExternalStore } from "react";
import { nextFrame } from "../frame/loop";
import { notify } from "../frame/notices";
import { takeTokenFromAddress } from "./access";
import { claimClientName, renameClient } from "./clientName";
import { Coalescer, Values } from "./coalescer";
import { Connection, NodeConnection, NodeError } from "./connection";
import { LinkEdit, LinkEdits, Outcome } from "./linkEdits";
import { Refresher } from "./refresher";
import { Observable, useSelected } from "./select";
import { NodeState, emptyState, reduce, withLines } from "./state";
import { Subscriptions } from "./subscriptions";
import type { Fault, HistoryEntry, LogLine, Scalar, SpectrumEvent, SpectrumPoint, WireMessage } from "./types";
import { ValueStore, wireText } from "./valueStore";

export type { NodeState } from "./state";
export { NodeError } from "./connection";

const state = new Observable<NodeState>(emptyState);
const values = new ValueStore();
let lines: Omit<LogLine, "serial">[] = [];

const connection = new NodeConnection(() => state.get().clientName, hear, (machine) => {
    const before = state.get().connection;
    state.update({ connection: machine.state, lostSince: machine.lostSince, refusal: machine.refusal });
    if (machine.state === "open") {
        edits.expectAnother();
        void refresher.everything();
    }
    else if (before === "open") lose();
});

const refresher: Refresher = new Refresher(connection, {
    update: (parts) => state.update(parts),
    link: (link, isNewest) => edits.confirm(link, isNewest),
    values: (instances, isWhole) => values.replace(instances, isWhole),
    knownPresets: () => Object.keys(state.get().presets),
    isMissing: (type) => state.get().missing.includes(type),
    missing: (type) => noteMissing(type),
    version: (version) => noteVersion(version),
});

const coalescer = new Coalescer({
    frame: nextFrame,
    send: sendValues,
    confirmed: (instance, sent) => {
        values.confirm(instance, sent);
        values.settle(instance, sent);
        noteOwnChange();
    },
    refused: (instance, sent, error) => {
        values.settle(instance, sent);
        notify("error", `${instance} ${Object.keys(sent).join(", ")}: ${words(error)}`);
    },
});

const edits = new LinkEdits({
    write: async (link, values, revision) => {
        const answer = await connection.request<{ revision?: number }>({ type: "write_link", link, values, revision });
        return answer.revision;
    },
    failure: (error) => {
        if (!(error instanceof NodeError)) return { is: "refused", faults: [] };
        if (error.code === "chain_changed") return { is: "outdated" };
        return isLost(error) ? { is: "lost" } : { is: "refused", faults: faultsOf(error) };
    },
    show: (link) => state.update({ link }),
    read: () => refresher.link(),
    written: () => {
        state.update({ faults: [] });
        refresher.values();
        noteOwnChange();
    },
    refused: (title, error) => {
        const faults = faultsOf(error);
        state.update({ faults });
        const why = faults.length > 0 ? faults[0].message : words(error);
        const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
        notify("error", `${title}: ${why}${more}`);
    },
});

const subscriptions = new Subscriptions((message) => {
    if (state.get().connection !== "open" || state.get().missing.includes(message.type)) return;
    connection.request(message).catch((error: unknown) => {
        if (!noteIfMissing(message.type, error)) console.warn(words(error));
    });
});

refresher.onConnect = () => subscriptions.renew();

export const node = {
    connection: connection as Connection,

    getState: state.get,
    subscribe: state.subscribe,

    /** The effective value as on the wire; the key is canonical: name, name#d0, name#d0#d1. */
    value(instanceId: string, key: string): string | undefined {
        return values.get(instanceId, key);
    },

    /** All values of an instance by canonical key. */
    values(instanceId: string): Record<string, string> {
        return values.all(instanceId);
    },

    /** Tells of every change of an instance's values, outside of React. */
    watchValues(instanceId: string, listener: () => void): () => void {
        return values.watchAll(instanceId, listener);
    },

    /** Shows a value at once and sends it with the next frame. A refusal restores the old one with a notice. */
    set(instanceId: string, key: string, value: Scalar): void {
        node.setMany(instanceId, { [key]: value });
    },

    /** Likewise several values of an instance, as one change. */
    setMany(instanceId: string, wanted: Record<string, Scalar>): void {
        if (!isReachable()) return;
        const texts = Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, wireText(value)]));
        values.wish(instanceId, texts);
        coalescer.add(instanceId, texts);
    },

    /** Sends values by themselves, not coalesced; rejects when they are refused. */
    async apply(instanceId: string, wanted: Record<string, Scalar>): Promise<void> {
        const texts = Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, wireText(value)]));
        values.wish(instanceId, texts);
        try {
            await connection.request({ type: "apply_params", instanceId, params: texts });
            values.confirm(instanceId, texts);
            noteOwnChange();
        } finally {
            values.settle(instanceId, texts);
        }
    },

    /** Changes the chain: shown at once, taken back when the node refuses. */
    edit(edit: LinkEdit): Promise<Outcome> {
        return isReachable() ? edits.edit(edit) : Promise.resolve({ is: "refused", faults: [] });
    },

    /** A step of the history, once all changes of this page have arrived; null when there was none. */
    async step(type: "undo" | "redo"): Promise<HistoryEntry | null> {
        await Promise.all([coalescer.settled(), edits.settled()]);
        return (await node.ask<{ entry?: HistoryEntry }>({ type }))?.entry ?? null;
    },

    /** Takes back this page's last change. */
    undo(): Promise<void> {
        return travel("undo");
    },

    /** Makes again what was taken back last. */
    redo(): Promise<void> {
        return travel("redo");
    },

    /** Reads the history again. */
    readHistory(): void {
        refresher.history();
    },

    /** Asks for `debug_metrics`; all wishes of the page are one subscription. */
    subscribeMetrics(modules: string[] | "all", intervalMs: number): () => void {
        return subscriptions.addMetrics({ modules, intervalMs });
    },

    /** Asks for spectra of points; `size` samples a transform (1024…32768, default 8192). */
    subscribeSpectrum(
        points: SpectrumPoint[],
        intervalMs: number,
        listener: (spectrum: SpectrumEvent) => void,
        size?: number,
    ): () => void {
        return subscriptions.addSpectrum({ points, intervalMs, size, listener });
    },

    /** Sends a request and says with a notice when it was refused; resolves with the answer, or null. */
    async ask<A = Record<string, unknown>>(message: { type: string; [key: string]: unknown }): Promise<A | null> {
        if (!isReachable()) return null;
        try {
            return await connection.request<A>(message);
        } catch (error) {
            if (!noteIfMissing(message.type, error)) notify("error", words(error));
            return null;
        }
    },

    /** Reads everything again. */
    refresh(): Promise<void> {
        return refresher.everything();
    },

    /** Another attempt after the user has given a token. */
    tokenGiven(): void {
        connection.tokenGiven();
    },

    /** Another attempt at once, without waiting for the pause to end. */
    reconnect(): void {
        connection.tryNow();
    },

    /** Changes the name by which the history knows this page; false if it is taken or no name. */
    async rename(name: string): Promise<boolean> {
        if (!(await renameClient(name))) return false;
        state.update({ clientName: name });
        connection.renew();
        return true;
    },

    /** Connects. Call once. */
    async start(): Promise<void> {
        takeTokenFromAddress();
        state.update({ clientName: await claimClientName() });
        connection.start();
    },
};

/** What `select` makes of the node's state; draws again when that is no longer shallow-equal. */
export function useNode<T>(select: (state: NodeState) => T): T {
    return useSelected(state, select);
}

/** One value, as on the wire; draws again for this key only. */
export function useValue(instanceId: string, key: string): string | undefined {
    const subscribe = useCallback(
        (listener: () => void) => values.watch(instanceId, key, listener),
        [instanceId, key],
    );
    return useSyncExternalStore(subscribe, () => values.get(instanceId, key));
}

/** A number that changes whenever a value of the instance does: for components that show all of them. */
export function useValuesVersion(instanceId: string): number {
    const subscribe = useCallback((listener: () => void) => values.watchAll(instanceId, listener), [instanceId]);
    return useSyncExternalStore(subscribe, () => values.version(instanceId));
}

function words(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** What the node found wrong with a chain. */
function faultsOf(error: unknown): Fault[] {
    return error instanceof NodeError ? (error.answer?.faults as Fault[] | undefined) ?? [] : [];
}

/** Whether nobody knows if the node has made what was asked for. */
function isLost(error: NodeError): boolean {
    return error.code === "connection_lost" || error.code === "timeout";
}

let toldUnreachable = 0;

function isReachable(): boolean {
    if (state.get().connection === "open") return true;
    if (Date.now() - toldUnreachable > 3000) notify("error", "Not connected: nothing was changed.");
    toldUnreachable = Date.now();
    return false;
}

/** One value as `set_param`: the node makes one entry of the history of a whole turn of a knob. */
async function sendValues(instanceId: string, sent: Values): Promise<void> {
    const keys = Object.keys(sent);
    if (keys.length > 1) {
        await connection.request({ type: "apply_params", instanceId, params: sent });
        return;
    }
    const [key] = keys;
    const ack = await connection.request<{ paramId?: string }>({
        type: "set_param", instanceId, paramId: key, value: sent[key],
    });
    // Some names stand for others: a delay in milliseconds is kept in samples.
    if (ack.paramId !== undefined && ack.paramId !== key) refresher.values(instanceId);
}

/** The connection is gone, and with it the answers to what was on its way. */
function lose(): void {
    const wasBusy = coalescer.isBusy;
    coalescer.drop();
    values.forgetWishes();
    const wasEditing = edits.drop();
    state.update({ metrics: null, isLoaded: false });
    if (wasBusy || wasEditing) notify("error", "The connection was lost during a change: it may not have arrived.");
}

async function travel(type: "undo" | "redo"): Promise<void> {
    const entry = await node.step(type);
    if (entry) notify("info", `${type === "undo" ? "Undone" : "Redone"}: ${entry.title}`);
    refresher.history();
}

function noteOwnChange(): void {
    if (!state.get().canUndo || state.get().canRedo) state.update({ canUndo: true, canRedo: false });
    refresher.history();
}

function noteMissing(type: string): void {
    const { missing } = state.get();
    if (!missing.includes(type)) state.update({ missing: [...missing, type] });
}

function noteIfMissing(type: string, error: unknown): boolean {
    if (!(error instanceof NodeError) || !["unknown_type", "unsupported"].includes(error.code)) return false;
    if (!state.get().missing.includes(type)) {
        notify("error", `This node does not know ${type}: it is older than the page. Update the node to use this.`);
    }
    noteMissing(type);
    return true;
}

function noteVersion(version: string): void {
    const before = state.get().version;
    if (before !== "" && version !== before) {
        notify("info", `The node runs version ${version} now, this page is of ${before}. Reload to use the new page.`);
    }
    if (version !== before) state.update({ version });
}

/** Every message of the node comes through here first, answers too. */
function hear(message: WireMessage, of: string | undefined): void {
    if (message.type === "log_stream") {
        takeLine(message);
        return;
    }
    const wasSlot = state.get().compare?.active;
    const parts = reduce(state.get(), message, of);
    if (parts !== null) state.update(parts);
    if (message.success === false) return;
    switch (message.type) {
        case "param_update":
            values.confirm(String(message.instanceId), { [String(message.paramId)]: String(message.value) });
            refresher.history();
            break;
        case "undo_ack":
        case "redo_ack":
            takeStep(message);
            break;
        case "link_updated":
            edits.expectAnother();
            refresher.link();
            refresher.history();
            break;
        case "spectrum":
            subscriptions.hearSpectrum(message as unknown as SpectrumEvent);
            break;
        case "compare_status":
            if (wasSlot !== undefined && wasSlot !== message.active) refresher.values();
            break;
        case "preset_data":
        case "morph_presets_ack":
            refresher.values(String(message.instanceId));
            refresher.history();
            break;
        case "preset_save_ack":
        case "preset_delete_ack":
            refresher.presets(String(message.instanceId));
            refresher.history();
            break;
        case "profile_data":
        case "profile_save_ack":
        case "profile_delete_ack":
            refresher.profiles();
            if (message.type === "profile_data") refresher.values();
            refresher.history();
            break;
        case "preset_state":
        case "preset_list":
        case "profile_list":
            if (of === undefined) refresher.history();
            break;
        case "audio_engine_started":
        case "audio_engine_stopped":
            refresher.engine();
            break;
    }
}

/** What undo or redo has changed. */
function takeStep(message: WireMessage): void {
    const { instanceId, params, instances } = message as {
        instanceId?: string;
        params?: Values;
        instances?: Record<string, Values>;
    };
    if (instanceId !== undefined && params !== undefined) values.confirm(instanceId, params);
    for (const [instance, changed] of Object.entries(instances ?? {})) values.confirm(instance, changed);
    if (message.linkChanged !== true) return;
    edits.expectAnother();
    refresher.link();
}

/** Lines come in bursts; the page takes those of a frame together. */
function takeLine(message: WireMessage): void {
    const { level, source, message: text, timestamp } = message as unknown as Omit<LogLine, "serial">;
    lines.push({ level, source, message: text, timestamp });
    if (lines.length > 1) return;
    nextFrame(() => {
        const log = withLines(state.get().log, lines);
        lines = [];
        state.update({ log });
    });
}
