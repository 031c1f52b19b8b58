import { notify } from "../frame/notices";
import { readStored, writeStored } from "../frame/storage";
import { flattened, registerKeys, ui } from "../frame/ui";
import { Observable, useSelected } from "../node/select";
import { node } from "../node/store";
import { Ballistics } from "./ballistics";
import { LevelUpdate, MeterBank, chainInput, chainOutput } from "./bank";
import { LevelWatch } from "./levelWatch";
import { ScaleFloor, scaleFloors } from "./scale";
import { metersOf } from "./sources";

/** How the meters are shown; remembered by the browser. */
export interface MeterSettings extends Ballistics {
    /** What is metered, in order; sources that the chain does not have now are kept for when it has them again. */
    sources: string[];
    floor: ScaleFloor;
    isHorizontal: boolean;
    isTable: boolean;
}

/** The choices of each time and speed; the first word of each is its value. */
export const choices = {
    hold: [0, 1, 2, 5, 10, Infinity],
    release: [10, 20, 40, 80],
    rms: [0, 0.125, 0.3, 1, 3],
} as const;

const key = "soundpost.meters";
const usual: MeterSettings = {
    sources: [chainInput, chainOutput], floor: -60, isHorizontal: false, isTable: false,
    releaseDbPerSecond: 20, rmsSeconds: 0.3, holdSeconds: 2,
};

/** Settings from whatever was stored: what does not fit is the usual. */
export function settingsFrom(stored: unknown): MeterSettings {
    const settings = { ...usual };
    if (typeof stored !== "object" || stored === null) return settings;
    const read = stored as Record<string, unknown>;
    const { sources, floor, isHorizontal, hold, release, rms } = read;
    if (Array.isArray(sources)) {
        settings.sources = [...new Set(sources.filter((id): id is string => typeof id === "string"))];
    }
    settings.floor = scaleFloors.find((choice) => choice === floor) ?? usual.floor;
    if (typeof isHorizontal === "boolean") settings.isHorizontal = isHorizontal;
    const seconds = hold === "infinite" ? Infinity : hold;
    settings.holdSeconds = choices.hold.find((choice) => choice === seconds) ?? usual.holdSeconds;
    settings.releaseDbPerSecond = choices.release.find((choice) => choice === release) ?? usual.releaseDbPerSecond;
    settings.rmsSeconds = choices.rms.find((choice) => choice === rms) ?? usual.rmsSeconds;
    return settings;
}

/** The stored form; JSON has no infinity. */
export function storedFrom(settings: MeterSettings): object {
    const { sources, floor, isHorizontal, holdSeconds, releaseDbPerSecond, rmsSeconds } = settings;
    const hold = holdSeconds === Infinity ? "infinite" : holdSeconds;
    return { sources, floor, isHorizontal, hold, release: releaseDbPerSecond, rms: rmsSeconds };
}

const state = new Observable<MeterSettings>(settingsFrom(readStored(key)));

/** The meters' levels; they outlive the pane, so that a clip light stays lit while another tab is open. */
export const bank = new MeterBank();

export const meters = {
    getState: state.get,

    change(parts: Partial<MeterSettings>): void {
        state.update(parts);
        writeStored(key, storedFrom(state.get()));
    },

    /** Adds or takes away one source. */
    set(id: string, isChosen: boolean): void {
        const others = state.get().sources.filter((source) => source !== id);
        meters.change({ sources: isChosen ? [...others, id] : others });
    },

    /** Adds the modules selected in the flow, or takes them away when all of them are there. */
    toggleSelection(): void {
        const known = new Set(metersOf(node.getState().link).map((source) => source.id));
        const ids = ui.getState().selection.map(flattened);
        const usable = ids.filter((id) => known.has(id));
        if (usable.length === 0) {
            notify("info", ids.length === 0
                ? "Select a module in the signal flow to meter it."
                : "A sub-graph has no meter of its own: enter it and select a module.");
            return;
        }
        const { sources } = state.get();
        const isThere = usable.every((id) => sources.includes(id));
        const others = sources.filter((id) => !usable.includes(id));
        meters.change({ sources: isThere ? others : [...others, ...usable] });
        notify("info", `${usable.join(", ")} ${isThere ? "no longer metered" : "metered"}.`);
        if (!isThere) ui.open("meters");
    },
};

export function useMeters<T>(select: (settings: MeterSettings) => T): T {
    return useSelected(state, select);
}

const watch = new LevelWatch(node.subscribeMetrics);
let seen: readonly unknown[] = [];

/** Follows what is chosen and what the chain has of it. */
function choose(): void {
    const { link } = node.getState();
    const { sources } = state.get();
    if (seen[0] === link && seen[1] === sources) return;
    seen = [link, sources];
    const known = new Set(metersOf(link).map((source) => source.id));
    const present = sources.filter((id) => known.has(id));
    bank.choose(present);
    watch.choose(present);
}

node.subscribe(choose);
state.subscribe(choose);
choose();
node.connection.on("debug_metrics", (update: LevelUpdate) => bank.update(update, performance.now()));

/** The meters are looked at until the returned function is called. */
export function showLevels(): () => void {
    watch.show(true);
    return () => watch.show(false);
}

registerKeys("global", {
    "shift+m": { title: "Meter the selected modules, or stop metering them", run: () => meters.toggleSelection() },
});
