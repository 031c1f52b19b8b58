// Which modules the selection means, and what is known of them.

import { chainInside } from "../flow/chain/model";
import { useNode } from "../node/store";
import type { Chain, ChainNode, ModuleType } from "../node/types";
import { useUI } from "../frame/ui";

/** Selected modules of one type. */
export interface SelectedModules {
    type: ModuleType | undefined;
    moduleType: string;
    nodes: ChainNode[];
    /** Flattened ids, in the order of the nodes. */
    instances: string[];
    chain: Chain;
}

/** The selected modules by type, in the order of selection. */
export function useSelectedModules(): SelectedModules[] {
    const link = useNode((state) => state.link);
    const library = useNode((state) => state.library);
    const { selection, path } = useUI((state) => ({ selection: state.selection, path: state.path }));
    const chain = chainInside(link, path);
    if (!chain) return [];
    const groups = new Map<string, SelectedModules>();
    for (const id of selection) {
        const found = chain.nodes.find((node) => node.instanceId === id);
        if (!found) continue;
        const group = groups.get(found.moduleType) ?? {
            type: library[found.moduleType], moduleType: found.moduleType, nodes: [], instances: [], chain,
        };
        group.nodes.push(found);
        group.instances.push([...path, id].join("."));
        groups.set(found.moduleType, group);
    }
    return [...groups.values()];
}

/** The label of the chain's own end that a module's port is wired to; null when it is wired to anything else. */
export function chainEndOf(chain: Chain, instanceId: string, portId: string): string | null {
    for (const edge of chain.edges) {
        const isOut = edge.fromModule === instanceId && edge.fromPort === portId && edge.toModule === "$io";
        const isIn = edge.toModule === instanceId && edge.toPort === portId && edge.fromModule === "$io";
        if (!isOut && !isIn) continue;
        const id = isOut ? edge.toPort : edge.fromPort;
        return chain.externalPorts.find((port) => port.id === id)?.label || id;
    }
    return null;
}
