// The whole chain as a tree, and the faults of the last refused edit.
import { KeyboardEvent, useMemo, useRef, useState } from "react";
import { IconButton } from "../../controls/Button";
import { Icon } from "../../controls/Icon";
import { FAMILY_COLOURS, familyOf } from "../../flow/families";
import { useNode } from "../../node/store";
import { ui, useUI } from "../ui";
import { dismissRefusal, useRefusal } from "./refusal";
import { TreeItem, countOf, pruned, treeOf, visible } from "./tree";
import "./navigator.css";

export function NavigatorPane(): JSX.Element {
    const link = useNode((state) => state.link);
    const faults = useRefusal();
    const place = useUI((state) => ({ path: state.path.join("."), selection: state.selection.join(" ") }));
    const [wanted, setWanted] = useState("");
    const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
    const [current, setCurrent] = useState("");
    const tree = useRef<HTMLDivElement>(null);
    const whole = useMemo(() => (link === null ? null : treeOf(link)), [link]);
    const root = useMemo(() => (whole === null ? null : pruned(whole, wanted)), [whole, wanted]);
    const isClosed = (id: string): boolean => wanted === "" && closed.has(id);
    const items = root === null ? [] : visible(root, isClosed);
    const reachable = items.some((item) => item.id === current) ? current : items[0]?.id;

    const fold = (item: TreeItem, isFolded: boolean): void => {
        const next = new Set(closed);
        if (isFolded) next.add(item.id);
        else next.delete(item.id);
        setClosed(next);
    };
    const focusOn = (item: TreeItem | undefined): void => {
        if (item === undefined) return;
        setCurrent(item.id);
        tree.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(item.id)}"]`)?.focus();
    };
    const enter = (item: TreeItem): void => {
        setCurrent(item.id);
        if (item.id === "") ui.goTo([], []);
        else if (item.moduleType === "subgraph") ui.goTo([...item.path, item.local], []);
        else ui.goTo(item.path, [item.local]);
    };
    const choose = (item: TreeItem): void => {
        setCurrent(item.id);
        if (item.id === "") ui.goTo([], []);
        else ui.goTo(item.path, [item.local]);
    };
    const press = (event: KeyboardEvent<HTMLDivElement>): void => {
        const index = items.findIndex((item) => item.id === reachable);
        const item = items[index];
        if (item === undefined) return;
        const hasChildren = item.children.length > 0;
        if (event.key === "ArrowDown") focusOn(items[index + 1]);
        else if (event.key === "ArrowUp") focusOn(items[index - 1]);
        else if (event.key === "Home") focusOn(items[0]);
        else if (event.key === "End") focusOn(items[items.length - 1]);
        else if (event.key === "ArrowRight" && hasChildren && isClosed(item.id)) fold(item, false);
        else if (event.key === "ArrowRight" && hasChildren) focusOn(items[index + 1]);
        else if (event.key === "ArrowLeft" && hasChildren && !isClosed(item.id)) fold(item, true);
        else if (event.key === "ArrowLeft") focusOn(items.find((above) => above.id === item.path.join(".")));
        else if (event.key === "Enter") enter(item);
        else if (event.key === " ") choose(item);
        else return;
        event.preventDefault();
    };

    return (
        <>
            <div className="toolbar">
                <input
                    type="search" className="stretch" placeholder="Filter the chain" aria-label="Filter the chain" value={wanted}
                    onChange={(event) => setWanted(event.currentTarget.value)}
                    onKeyDown={(event) => {
                        if (event.key !== "ArrowDown") return;
                        event.preventDefault();
                        focusOn(items[0]);
                    }}
                />
            </div>
            {faults.length > 0 && (
                <section className="faults" aria-label="Faults of the refused edit">
                    <IconButton label="Dismiss the faults" icon="close" onClick={dismissRefusal} />
                    <h3>The last edit was refused</h3>
                    <ul>
                        {faults.map((fault, index) => (
                            <li key={index}><b>{fault.message}</b><small>{fault.path}</small></li>
                        ))}
                    </ul>
                </section>
            )}
            <div ref={tree} className="scroll tree" role="tree" aria-label="The chain" onKeyDown={press}>
                {items.map((item) => {
                    const hasChildren = item.children.length > 0;
                    const isSelected = item.id !== "" && item.path.join(".") === place.path
                        && place.selection.split(" ").includes(item.local);
                    const isHere = item.moduleType === "subgraph" || item.id === "" ? item.id === place.path : false;
                    return (
                        <div
                            key={item.id}
                            role="treeitem"
                            data-id={item.id}
                            className={`tree-item${item.enabled ? "" : " off"}${isHere ? " here" : ""}`}
                            aria-level={item.depth + 1}
                            aria-expanded={hasChildren ? !isClosed(item.id) : undefined}
                            aria-selected={isSelected}
                            tabIndex={item.id === reachable ? 0 : -1}
                            style={{ paddingLeft: 6 + item.depth * 14 }}
                            onClick={() => choose(item)}
                            onDoubleClick={() => enter(item)}
                        >
                            <span
                                className="tree-fold"
                                onClick={(event) => {
                                    if (!hasChildren) return;
                                    event.stopPropagation();
                                    fold(item, !isClosed(item.id));
                                }}
                            >
                                {hasChildren && <Icon name={isClosed(item.id) ? "right" : "down"} size={12} />}
                            </span>
                            {item.id !== "" && (
                                <i style={{ background: `var(${FAMILY_COLOURS[familyOf(item.moduleType)]})` }} aria-hidden="true" />
                            )}
                            <span className="tree-title">{item.title}</span>
                            <small>{hasChildren ? countOf(item) : item.detail}{item.enabled ? "" : " off"}</small>
                        </div>
                    );
                })}
                {items.length === 0 && (
                    <p className="library-none dim">{link === null ? "There is no chain yet." : `Nothing is called “${wanted}”.`}</p>
                )}
            </div>
        </>
    );
}
