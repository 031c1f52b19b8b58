// Which refused edit the navigator still tells of.
import { Observable, useSelected } from "../../node/select";
import { node } from "../../node/store";
import type { Fault, LinkConfig } from "../../node/types";

/** Faults of a refused edit, and the chain as it was then. */
export interface Refusal {
    faults: Fault[];
    link: LinkConfig | null;
    isOver: boolean;
}

/** What becomes of a refusal: a newer one takes its place, and with another chain it is over. */
export function followed(last: Refusal, faults: Fault[], link: LinkConfig | null): Refusal {
    if (faults !== last.faults) return { faults, link, isOver: false };
    return link === last.link || last.isOver ? last : { ...last, isOver: true };
}

const state = new Observable<Refusal>({ faults: [], link: null, isOver: true });
const none: Fault[] = [];

node.subscribe(() => {
    const { faults, link } = node.getState();
    state.set(followed(state.get(), faults, link));
});

/** The faults to tell of. */
export function useRefusal(): Fault[] {
    return useSelected(state, ({ faults, isOver }) => (isOver ? none : faults));
}

/** Tells of them no longer. */
export function dismissRefusal(): void {
    state.update({ isOver: true });
}
