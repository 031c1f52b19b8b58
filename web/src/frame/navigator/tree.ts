// The chain as a tree: sub-graphs hold what is in them.
import { titleOf } from "../../flow/chain/model";
import type { LinkConfig } from "../../node/types";

export interface TreeItem {
    /** flattened id; "" is the root chain */
    id: string;
    title: string;
    /** the instance id, where the title is another */
    detail: string;
    moduleType: string;
    /** sub-graphs that lead to the chain it is in */
    path: string[];
    /** its instance id in that chain */
    local: string;
    depth: number;
    enabled: boolean;
    children: TreeItem[];
}

const deepest = 16;

/** The tree of a whole chain file; null if its root is missing. */
export function treeOf(link: LinkConfig): TreeItem | null {
    const root = link.chains[link.rootChainId];
    if (root === undefined) return null;
    return {
        id: "", title: root.name || root.id, detail: "", moduleType: "", path: [], local: "", depth: 0, enabled: true,
        children: itemsOf(link, link.rootChainId, []),
    };
}

function itemsOf(link: LinkConfig, chainID: string, path: string[]): TreeItem[] {
    const chain = link.chains[chainID];
    // A file may refer to itself; the node refuses it, the page survives it.
    if (chain === undefined || path.length >= deepest) return [];
    return [...chain.nodes].sort((a, b) => a.order - b.order).map((node): TreeItem => {
        const title = titleOf(link, node);
        return {
            id: [...path, node.instanceId].join("."),
            title,
            detail: title === node.instanceId ? "" : node.instanceId,
            moduleType: node.moduleType,
            path,
            local: node.instanceId,
            depth: path.length + 1,
            enabled: node.enabled,
            children: node.subGraphId === undefined ? [] : itemsOf(link, node.subGraphId, [...path, node.instanceId]),
        };
    });
}

/** Items that fit the words, with everything above them. */
export function pruned(item: TreeItem, wanted: string): TreeItem | null {
    const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) return item;
    const text = `${item.title} ${item.id} ${item.moduleType}`.toLowerCase();
    const children = item.children.flatMap((child) => pruned(child, wanted) ?? []);
    const fits = item.id !== "" && words.every((word) => text.includes(word));
    return fits || children.length > 0 ? { ...item, children } : null;
}

/** The items that are seen, from the top: those within closed ones are left out. */
export function visible(item: TreeItem, isClosed: (id: string) => boolean): TreeItem[] {
    return [item, ...(isClosed(item.id) ? [] : item.children.flatMap((child) => visible(child, isClosed)))];
}

/** How many modules there are in an item. */
export function countOf(item: TreeItem): number {
    return item.children.reduce((count, child) => count + (child.children.length > 0 ? countOf(child) : 1), 0);
}
