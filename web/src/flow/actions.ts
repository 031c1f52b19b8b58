import { flattened, notify, ui } from "../frame/ui";
import { node } from "../node/store";
import type { LinkConfig } from "../node/types";
import type { At } from "./chain/at";
import { chainShown } from "./chain/at";
import { copyNodes, pasteNodes } from "./chain/clipboard";
import type { Fragment, Values } from "./chain/clipboard";
import { BOUNDARY, chainAt, copyOf, EditError, SUBGRAPH, titleOf } from "./chain/model";
import type { End } from "./chain/model";
import { place, removeNodes, rename, reorder, setEnabled } from "./chain/modules";
import type { Point } from "./chain/modules";
import { COPY_OFFSET, dissolve, group } from "./chain/subgraphs";
import { connect, disconnect, reconnect } from "./chain/wires";
import { isBorder } from "./drawing";
import { listed } from "./naming";
import { propose, working } from "./working";

/** The chain shown, in a link of its own kind; throws when it is gone. */
export function shownIn(link: LinkConfig): At {
    const key = chainAt(link, ui.getState().path);
    if (key === undefined) throw new EditError("The sub-graph shown is not there any more.");
    return { link, library: node.getState().library, key };
}

/** The chain shown as it is worked on; undefined before the node has told it. */
export function shown(): At | undefined {
    const { link } = working();
    return link && chainAt(link, ui.getState().path) !== undefined ? shownIn(link) : undefined;
}

/** Binds an edit to the chain that is shown now, however late it is made. */
export function here(edit: (at: At) => void): (link: LinkConfig) => void {
    const path = [...ui.getState().path];
    return (link) => {
        const key = chainAt(link, path);
        if (key === undefined) throw new EditError("The sub-graph is not there any more.");
        edit({ link, library: node.getState().library, key });
    };
}

/**
 * Runs an edit on a copy of what is shown, to learn what it will come to; undefined, with a notice, when it cannot be.
 */
export function rehearse<Result>(title: string, edit: (at: At) => Result): Result | undefined {
    const { link } = working();
    if (!link) return undefined;
    try {
        return edit(shownIn(copyOf(link)));
    } catch (error) {
        if (!(error instanceof EditError)) throw error;
        notify("error", `${title}: ${error.message}`);
        return undefined;
    }
}

/** Selected modules, without the columns of the chain's own ports. */
export function selectedModules(): string[] {
    return ui.getState().selection.filter((id) => !isBorder(id));
}

/** Values of a module of the chain shown, by its id within it. */
function valuesOf(id: string): Record<string, string> {
    return node.values(flattened(id));
}

function flattenedValues(values: Values): Values {
    return Object.fromEntries(Object.entries(values).map(([id, own]) => [flattened(id), own]));
}

export function connectEnds(from: End, to: End): Promise<boolean> {
    return propose(`Connect ${words(from)} with ${words(to)}`, here((at) => connect(at, from, to)));
}

export function reconnectEdge(edge: string, ends: { from?: End; to?: End }): Promise<boolean> {
    return propose("Lead a wire elsewhere", here((at) => reconnect(at, edge, ends)));
}

export function disconnectEdges(edges: readonly string[]): Promise<boolean> {
    const ids = [...edges];
    return propose(
        ids.length === 1 ? "Take a wire out" : `Take ${ids.length} wires out`,
        here((at) => disconnect(at, ids)),
    );
}

function words(end: End): string {
    return end.module === BOUNDARY ? `the chain's ${end.port}` : end.module;
}

/** Deletes modules; with `bridge` the signal goes on without them. */
export function deleteModules(ids: readonly string[], bridge: boolean): void {
    const chosen = [...ids];
    if (!chosen.length) return;
    ui.select([]);
    void propose(`Delete ${listed(chosen)}`, here((at) => removeNodes(at, chosen, bridge)));
}

/** Bypasses modules, or lets them process again: all the other way than the first. */
export function toggleEnabled(ids: readonly string[]): void {
    const at = shown();
    const chosen = at ? chainShown(at).nodes.filter((each) => ids.includes(each.instanceId)) : [];
    if (!chosen.length) return;
    const enabled = chosen[0].enabled === false;
    const names = chosen.map((each) => each.instanceId);
    void propose(`${enabled ? "Enable" : "Bypass"} ${listed(names)}`, here((to) => setEnabled(to, names, enabled)));
}

export function renameModule(id: string, name: string): void {
    void propose(`Rename ${id}`, here((at) => rename(at, id, name)));
}

export function moveModules(
    positions: ReadonlyMap<string, Point>,
    title = `Move ${listed([...positions.keys()])}`,
): void {
    if (!positions.size) return;
    void propose(title, here((at) => place(at, positions)));
}

export function reorderModule(id: string, by: 1 | -1): void {
    void propose(`${by < 0 ? "Process earlier" : "Process later"}: ${id}`, here((at) => reorder(at, id, by)));
}

/** Copies modules as something to paste. */
export function fragmentOf(ids: readonly string[]): Fragment | undefined {
    const at = shown();
    return at && ids.length ? copyNodes(at, ids, valuesOf) : undefined;
}

/** Pastes modules, moved by `offset`, and selects them. */
export function paste(fragment: Fragment, offset: Point, title = "Paste"): void {
    const pasted = rehearse(title, (at) => pasteNodes(at, fragment, offset));
    if (!pasted) return;
    void propose(
        `${title} ${listed(fragment.nodes.map((each) => each.instanceId))}`,
        here((at) => {
            const taken = pasted.ids.find((id) => chainShown(at).nodes.some((each) => each.instanceId === id));
            if (taken) throw new EditError(`There is a ${taken} already.`);
            pasteNodes(at, fragment, offset);
        }),
        flattenedValues(pasted.values),
    );
    ui.select(pasted.ids);
}

export function duplicate(ids: readonly string[]): void {
    const fragment = fragmentOf(ids);
    if (fragment) paste(fragment, COPY_OFFSET, "Duplicate");
}

/** Makes a sub-graph of modules and selects it. */
export function groupModules(ids: readonly string[], name: string): void {
    const chosen = [...ids];
    const title = `Make a sub-graph of ${listed(chosen)}`;
    const made = rehearse(title, (at) => group(at, chosen, name));
    if (!made) return;
    void propose(title, here((at) => group(at, chosen, name)), movedValues(made.moved));
    ui.select(made.ids);
}

/** Puts the contents of a sub-graph in its place and selects them. */
export function dissolveGroup(id: string): void {
    const title = `Dissolve ${id}`;
    const made = rehearse(title, (at) => dissolve(at, id));
    if (!made) return;
    void propose(title, here((at) => dissolve(at, id)), movedValues(made.moved));
    ui.select(made.ids);
}

function movedValues(moved: ReadonlyMap<string, string>): Values {
    return flattenedValues(Object.fromEntries([...moved].map(([from, to]) => [to, { ...valuesOf(from) }])));
}

/** Goes into a sub-graph; other modules show their parameters. */
export function openModule(id: string): void {
    const at = shown();
    const found = at && chainShown(at).nodes.find((each) => each.instanceId === id);
    if (!found) return;
    if (found.moduleType === SUBGRAPH) {
        ui.enter(id);
        return;
    }
    ui.select([id]);
    ui.open(found.moduleType === "common_eq_v1" ? "eq" : "parameters");
}

/** What a module of the chain shown is called. */
export function nameOf(id: string): string {
    const at = shown();
    const found = at && chainShown(at).nodes.find((each) => each.instanceId === id);
    return at && found ? titleOf(at.link, found) : id;
}
