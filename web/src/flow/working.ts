import { notify } from "../frame/ui";
import type { LinkValues } from "../node/linkEdits";
import { Observable, useSelected } from "../node/select";
import { node } from "../node/store";
import type { Fault, LinkConfig } from "../node/types";
import { parseKey } from "../parameters/keys";
import { inspect } from "./chain/check";
import type { Inspection } from "./chain/check";
import type { Values } from "./chain/clipboard";
import { moduleAt } from "./chain/model";
import type { Library } from "./chain/model";
import { placed } from "./chain/places";
import type { PlacedFault } from "./chain/places";
import { judge, replay, titleOfSteps, withoutIdle } from "./draft";
import type { Step } from "./draft";

/**
 * A step that brings values along, by flattened id: those of modules that it copies or moves. A module named here has
 * its type's defaults otherwise, and not what the node still has of whatever had its id before.
 */
interface ValuedStep extends Step {
    values?: Values;
    /** In the order of the user's gestures. */
    serial: number;
    /** It went out and no answer came: the node may have made it. */
    isUncertain?: boolean;
}

/** The chain as it is worked on: the node's, or on top of it steps that wait until they make a chain that runs. */
export interface Working {
    link: LinkConfig | null;
    inspection: Inspection | null;
    library: Library;
    faults: PlacedFault[];
    /** Titles of the steps that wait; empty while what is shown is what plays. */
    waiting: string[];
}

const state = new Observable<Working>({ link: null, inspection: null, library: {}, faults: [], waiting: [] });
let steps: ValuedStep[] = [];
/** What the node said when it refused steps that looked right here. */
let refused: Fault[] = [];
let seen: { link: LinkConfig | null; library: Library; steps: ValuedStep[] } | null = null;
let isHeld = false;
let lastSerial = 0;

/** The mode in which chains are changed. */
export const BUILDER = "chain_builder";

/** Reads the present state without watching it. */
export function working(): Working {
    return state.get();
}

/** What `select` makes of the chain worked on. */
export function useWorking<T>(select: (working: Working) => T): T {
    return useSelected(state, select);
}

function refresh(): void {
    const { link, library } = node.getState();
    if (isHeld || (seen && seen.link === link && seen.library === library && seen.steps === steps)) return;
    let shown = link;
    if (link && steps.length) {
        // On a chain that was read anew, what changes nothing is what the node has made after all.
        if (seen?.link !== link) steps = withoutIdle(link, steps, (step) => step.isUncertain === true);
        const made = replay(link, steps);
        if (made.lost.length) {
            notify("info", `Given up, because the chain has changed: ${titleOfSteps(made.lost)}.`);
            steps = steps.filter((step) => !made.lost.includes(step));
        }
        shown = made.link;
    }
    if (!link) steps = [];
    if (!steps.length) refused = [];
    seen = { link, library, steps };
    const inspection = shown && Object.keys(library).length ? inspect(shown, library) : null;
    const faults = shown && inspection ? placed(shown, [...refused, ...news(link, library, inspection)]) : [];
    state.set({ link: shown, inspection, library, faults, waiting: steps.map((step) => step.title) });
}

/** Faults that the chain which plays does not have: what the node plays is right, whatever this page makes of it. */
function news(base: LinkConfig | null, library: Library, inspection: Inspection): Fault[] {
    if (!inspection.faults.length || !base || base === inspection.link) return [];
    const known = new Set(inspect(base, library).faults.map((fault) => fault.code + fault.message));
    return inspection.faults.filter((fault) => !known.has(fault.code + fault.message));
}

node.subscribe(refresh);
refresh();

/** Whether the node lets chains be changed now; says why not. */
export function mayEdit(): boolean {
    const { connection, mode, link } = node.getState();
    if (connection !== "open" || !link) {
        notify("error", "Not connected: the chain cannot be changed.");
        return false;
    }
    if (mode === BUILDER) return true;
    notify(
        "info",
        `The chain is only changed in mode ${BUILDER}; the mode is ${mode}. “Edit the chain” above switches.`,
    );
    return false;
}

/**
 * Makes a change of the chain: it goes to the node at once, or waits, shown with what is missing, until further changes
 * make a chain that runs. Resolves with whether it was made, played or waiting.
 */
export async function propose(title: string, change: (link: LinkConfig) => void, values?: Values): Promise<boolean> {
    const { link: base, library } = node.getState();
    if (!mayEdit() || !base) return false;
    const known = new Set(inspect(base, library).faults.map((fault) => fault.code + fault.message));
    const faultsOf = (link: LinkConfig) =>
        inspect(link, library).faults.filter((fault) => !known.has(fault.code + fault.message));
    lastSerial += 1;
    const step: ValuedStep = { title, change, values, serial: lastSerial };
    // What was refused, or may have been made, does not go out with something else.
    const isHeldBack = refused.length > 0 || steps.some((each) => each.isUncertain);
    const verdict = judge(base, steps, step, faultsOf, isHeldBack);
    if (verdict.to === "nothing") {
        notify("error", `${title}: ${verdict.reason}`);
        return false;
    }
    if (verdict.waiting.length !== steps.length) refused = [];
    if (verdict.to === "draft") {
        steps = verdict.waiting;
        refresh();
        return true;
    }
    return send(verdict.steps, verdict.waiting);
}

async function send(sent: ValuedStep[], waiting: ValuedStep[]): Promise<boolean> {
    isHeld = true;
    steps = waiting;
    const answer = node.edit({
        title: titleOfSteps(sent),
        change: (link) => {
            for (const step of sent) step.change(link);
        },
        values: (link) => valuesFor(link, sent),
    });
    isHeld = false;
    refresh();
    const outcome = await answer;
    if (outcome.is === "done") return true;
    if (outcome.is === "lost") {
        keep(sent.map((step) => ({ ...step, isUncertain: true })));
    } else if (outcome.faults.length) {
        refused = outcome.faults;
        keep(sent);
    } else {
        // Not the chain was refused, but something about the last step: those that waited for it wait on.
        keep(sent.filter((step) => step.serial !== lastOf(sent)));
    }
    return false;
}

/** Lets steps wait, among the others in their order: to be mended, sent again or given up. */
function keep(kept: readonly ValuedStep[]): void {
    steps = [...steps, ...kept].sort((a, b) => a.serial - b.serial);
    refresh();
}

function lastOf(sent: readonly ValuedStep[]): number {
    return Math.max(...sent.map((step) => step.serial));
}

/** Values that steps bring along, for those modules and parameters that the chain made by them has. */
function valuesFor(link: LinkConfig, sent: readonly ValuedStep[]): LinkValues {
    const found: LinkValues = {};
    for (const [id, values] of sent.flatMap((step) => Object.entries(step.values ?? {}))) {
        const names = moduleAt(link, node.getState().library, id)?.params.map((param) => param.name);
        if (!names) continue;
        found[id] = Object.fromEntries(Object.entries(values).filter(([key]) => names.includes(parseKey(key).name)));
    }
    return found;
}

/** Sends what waits although nothing is wrong with it: its way to the node was cut off. */
export function sendWaiting(): void {
    if (mayEdit() && steps.length) void send(steps, []);
}

/** Takes back the last step that waits; false when none does. */
export function undoWaiting(): boolean {
    if (!steps.length) return false;
    const last = steps[steps.length - 1];
    steps = steps.slice(0, -1);
    refused = [];
    refresh();
    notify("info", `Taken back: ${last.title}.`);
    return true;
}

/** Gives all steps up that wait. */
export function discardWaiting(): void {
    steps = [];
    refused = [];
    refresh();
}
