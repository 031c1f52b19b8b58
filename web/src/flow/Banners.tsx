import { useState } from "react";
import { Button } from "../controls/Button";
import { ui } from "../frame/ui";
import { node, useNode } from "../node/store";
import type { LinkConfig, Port } from "../node/types";
import type { PlacedFault } from "./chain/places";
import { BOUNDARY, SUBGRAPH } from "./chain/model";
import { INPUTS, OUTPUTS } from "./drawing";
import { BUILDER, discardWaiting, sendWaiting, undoWaiting, useWorking, working } from "./working";

const MODES: Record<string, string> = { tuning: "Tuning", test_verify: "Test and verify", legacy: "Legacy" };

/** Says that the chain is not changed in the present mode, and changes the mode. */
export function ModeBanner(): JSX.Element | null {
    const mode = useNode((state) => state.mode);
    if (mode === "" || mode === BUILDER) return null;
    return (
        <div className="flow-banner" role="status">
            <span>{MODES[mode] ?? mode} mode: the chain can be looked at, not changed.</span>
            <Button onClick={() => void node.ask({ type: "set_mode", mode: BUILDER })}>Edit the chain</Button>
        </div>
    );
}

/** Says what keeps the changes that wait from being played, and leads to each fault. */
export function FaultBanner(): JSX.Element | null {
    const { faults, waiting } = useWorking(({ faults, waiting }) => ({ faults, waiting }));
    const [isOpen, setOpen] = useState(false);
    if (!waiting.length && !faults.length) return null;
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    return (
        <div className="flow-banner flow-faults" role="region" aria-label="Faults of the chain">
            <div className="flow-banner-row">
                <span role="status">
                    {waiting.length ? `Not playing yet: ${waiting[waiting.length - 1]}. ` : ""}
                    {faults.length
                        ? `${count} to mend; until then the chain as it was plays on.`
                        : "The connection was lost before the node had answered."}
                </span>
                {faults.length > 0 && (
                    <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                        {isOpen ? "Hide" : "Show"} {count}
                    </Button>
                )}
                {waiting.length > 0 && !faults.length && <Button onClick={sendWaiting}>Send again</Button>}
                {waiting.length > 0 && <Button onClick={() => undoWaiting()}>Take the last back</Button>}
                {waiting.length > 1 && <Button onClick={discardWaiting}>Give all {waiting.length} up</Button>}
            </div>
            {isOpen && (
                <ul>
                    {faults.map((fault, index) => (
                        <li key={index}>
                            <button type="button" onClick={() => goTo(fault)} title={fault.path}>
                                {fault.message}
                            </button>
                        </li>
                    ))}
                </ul>
            )}
        </div>
    );
}

/** Shows the chain in which a fault is, and selects what has it. */
function goTo({ place }: PlacedFault): void {
    const { link } = working();
    const path = link && place.chain !== undefined ? pathTo(link, place.chain) : undefined;
    if (!link || !path || place.chain === undefined) return;
    const edge = link.chains[place.chain].edges.find((each) => each.id === place.edge);
    const module = place.node ?? edge?.toModule;
    const ports = link.chains[place.chain].externalPorts as Port[] | undefined;
    const isInput = ports?.some((port) => port.id === place.port && port.direction === "input");
    const id = module === BOUNDARY ? (isInput ? INPUTS : OUTPUTS) : module;
    ui.goTo(path, id === undefined ? [] : [id]);
}

/** Ids of the sub-graph nodes that lead to a chain; the shortest way. */
function pathTo(link: LinkConfig, key: string): string[] | undefined {
    const open: { key: string; path: string[] }[] = [{ key: link.rootChainId, path: [] }];
    const seen = new Set<string>();
    for (let next = open.shift(); next; next = open.shift()) {
        if (next.key === key) return next.path;
        if (seen.has(next.key)) continue;
        seen.add(next.key);
        for (const each of link.chains[next.key]?.nodes ?? []) {
            if (each.moduleType !== SUBGRAPH || each.subGraphId === undefined) continue;
            open.push({ key: each.subGraphId, path: [...next.path, each.instanceId] });
        }
    }
    return undefined;
}
