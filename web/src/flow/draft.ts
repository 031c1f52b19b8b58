import type { Fault, LinkConfig } from "../node/types";
import { copyOf } from "./chain/model";

/** One change of the chain, made on a copy of the link. It may throw when the link no longer has what it is about. */
export interface Step {
    title: string;
    change: (link: LinkConfig) => void;
}

/** Steps made on top of a link, and those that do not fit it any more. */
export interface Replay {
    link: LinkConfig;
    lost: Step[];
}

/** Makes steps on a copy of a link; a step that does not fit is left out. */
export function replay(base: LinkConfig, steps: readonly Step[]): Replay {
    let link = copyOf(base);
    const lost: Step[] = [];
    for (const step of steps) {
        const trial = copyOf(link);
        try {
            step.change(trial);
            link = trial;
        } catch {
            lost.push(step);
        }
    }
    return { link, lost };
}

/** Steps without those that change nothing of a link where they stand, of all that `mayBeIdle` says. */
export function withoutIdle<Kind extends Step>(
    base: LinkConfig,
    steps: readonly Kind[],
    mayBeIdle: (step: Kind) => boolean,
): Kind[] {
    return steps.filter((step, index) => {
        if (!mayBeIdle(step)) return true;
        const before = replay(base, steps.slice(0, index)).link;
        const after = replay(before, [step]);
        return after.lost.length > 0 || JSON.stringify(after.link) !== JSON.stringify(before);
    });
}

/** A link in which the order of nodes and edges and the ids of edges do not count. */
export function sense(link: LinkConfig): string {
    const copy = copyOf(link);
    for (const chain of Object.values(copy.chains)) {
        chain.nodes.sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
        const edges = chain.edges.map((edge) => ({ ...edge, id: "" }));
        chain.edges = edges.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
    const chains = Object.keys(copy.chains).sort().map((key) => copy.chains[key]);
    return JSON.stringify([copy.rootChainId, copy.global, chains]);
}

/** What is to become of a step. */
export type Verdict<Kind extends Step = Step> =
    /** It goes to the node, by itself. Steps that wait keep waiting. */
    | { to: "node"; steps: Kind[]; waiting: Kind[] }
    /** The chain would not run: it waits until further steps make it whole. */
    | { to: "draft"; waiting: Kind[]; faults: Fault[] }
    /** It cannot be made. */
    | { to: "nothing"; reason: string };

/**
 * Decides about a new step while others wait. A step that makes a chain that runs goes to the node at once: by itself
 * when it has nothing to do with those that wait and these would not run, or are held back (`isHeldBack`) because the node
 * has refused them or may have made them; else together with them.
 */
export function judge<Kind extends Step>(
    base: LinkConfig,
    waiting: readonly Kind[],
    step: Kind,
    faultsOf: (link: LinkConfig) => Fault[],
    isHeldBack = false,
): Verdict<Kind> {
    const before = replay(base, waiting);
    const whole = copyOf(before.link);
    try {
        step.change(whole);
    } catch (error) {
        return { to: "nothing", reason: error instanceof Error ? error.message : String(error) };
    }
    const faults = faultsOf(whole);
    const steps = [...waiting.filter((each) => !before.lost.includes(each)), step];
    if (!faults.length && !isHeldBack) return { to: "node", steps, waiting: [] };
    if (!waiting.length) return { to: "draft", waiting: steps, faults };
    const alone = replay(base, [step]);
    const commutes = () => sense(replay(alone.link, waiting).link) === sense(whole);
    if (!alone.lost.length && !faultsOf(alone.link).length && commutes()) {
        return { to: "node", steps: [step], waiting: [...waiting] };
    }
    if (!faults.length) return { to: "node", steps, waiting: [] };
    return { to: "draft", waiting: steps, faults };
}

/** One title for steps that go to the node together. */
export function titleOfSteps(steps: readonly Step[]): string {
    const titles = [...new Set(steps.map((step) => step.title))];
    return titles.length > 3 ? `${titles.slice(0, 2).join(", ")} and ${titles.length - 2} more` : titles.join(", ");
}
