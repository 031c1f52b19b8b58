// The module types: found by typing, put into the flow by dragging, Enter or the button.
import { DragEvent, KeyboardEvent, useRef, useState } from "react";
import { Button } from "../../controls/Button";
import { addModule } from "../../flow/edits";
import { FAMILY_COLOURS, Family, familyOf, searchWords, typeTitle } from "../../flow/families";
import { fuzzySearch } from "../../flow/fuzzy";
import { useNode } from "../../node/store";
import type { ModuleType } from "../../node/types";
import { titleOf } from "../../parameters/titles";
import { portSummary, portText, purposeOf, rangeText } from "./describe";
import "./library.css";

/** The type of what is dragged: `dataTransfer` gives the module type's name. */
export const dragType = "application/x-soundpost-module";

const groups: { title: string; families: Family[] }[] = [
    { title: "Sources", families: ["source"] },
    { title: "Level and routing", families: ["level"] },
    { title: "Filters", families: ["filter"] },
    { title: "Time", families: ["time"] },
    { title: "Dynamics", families: ["dynamics"] },
    { title: "Measuring", families: ["meter"] },
    { title: "Others", families: ["other", "group"] },
];

function familyOfType(type: ModuleType): Family {
    return familyOf(type.moduleType, type.ports.some((port) => port.direction === "input"));
}

export function LibraryPane(): JSX.Element {
    const library = useNode((state) => state.library);
    const isBuilding = useNode((state) => state.mode === "chain_builder");
    const [wanted, setWanted] = useState("");
    const [chosen, setChosen] = useState<string | null>(null);
    const list = useRef<HTMLDivElement>(null);
    const found = fuzzySearch(wanted, Object.values(library), (type) => [
        typeTitle(type.moduleType, type.instanceName), type.instanceName, searchWords(type.moduleType), purposeOf(type),
    ]);
    const shown = wanted.trim() !== ""
        ? [{ title: found.length === 1 ? "1 type fits" : `${found.length} types fit`, types: found }]
        : groups.map(({ title, families }) => ({ title, types: found.filter((type) => families.includes(familyOfType(type))) }));
    const order = shown.flatMap((group) => group.types);
    const current = order.find((type) => type.moduleType === chosen);

    const focusOn = (index: number): void => {
        const type = order[Math.max(0, Math.min(order.length - 1, index))];
        if (type === undefined) return;
        setChosen(type.moduleType);
        list.current?.querySelector<HTMLElement>(`[data-type="${CSS.escape(type.moduleType)}"]`)?.focus();
    };
    const press = (event: KeyboardEvent<HTMLDivElement>): void => {
        const index = order.findIndex((type) => type.moduleType === chosen);
        const targets: Record<string, number> = {
            ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: order.length - 1,
        };
        if (event.key in targets) focusOn(targets[event.key]);
        else if (event.key === "Enter" && current !== undefined) addModule(current.moduleType);
        else return;
        event.preventDefault();
    };

    if (Object.keys(library).length === 0) {
        return <div className="empty"><strong>No library yet.</strong><p>It is read when the node is connected.</p></div>;
    }
    return (
        <>
            <div className="toolbar">
                <input
                    type="search" className="stretch" placeholder="Find a module" aria-label="Find a module" value={wanted}
                    onChange={(event) => {
                        setWanted(event.currentTarget.value);
                        setChosen(null);
                    }}
                    onKeyDown={(event) => {
                        if (event.key === "ArrowDown") {
                            event.preventDefault();
                            focusOn(0);
                        } else if (event.key === "Enter" && order.length > 0) {
                            addModule((current ?? order[0]).moduleType);
                        }
                    }}
                />
            </div>
            <div ref={list} className="scroll library" role="listbox" aria-label="Module types" onKeyDown={press}>
                {shown.filter((group) => group.types.length > 0).map((group) => (
                    <div key={group.title} role="group" aria-label={group.title}>
                        <h3 role="presentation">{group.title}</h3>
                        {group.types.map((type) => (
                            <Item
                                key={type.moduleType}
                                type={type}
                                isChosen={type.moduleType === chosen}
                                isReachable={type.moduleType === (current ?? order[0])?.moduleType}
                                onChoose={() => setChosen(type.moduleType)}
                            />
                        ))}
                    </div>
                ))}
                {order.length === 0 && <p className="library-none dim">No module fits “{wanted}”.</p>}
            </div>
            {current !== undefined
                ? <Details type={current} isBuilding={isBuilding} />
                : <p className="library-hint">Drag a module into the flow, or choose one and press Enter.</p>}
        </>
    );
}

function Item({ type, isChosen, isReachable, onChoose }: {
    type: ModuleType;
    isChosen: boolean;
    isReachable: boolean;
    onChoose: () => void;
}): JSX.Element {
    const drag = (event: DragEvent): void => {
        onChoose();
        event.dataTransfer.setData(dragType, type.moduleType);
        event.dataTransfer.setData("text/plain", typeTitle(type.moduleType, type.instanceName));
        event.dataTransfer.effectAllowed = "copy";
    };
    return (
        <div
            role="option"
            className="library-item"
            data-type={type.moduleType}
            aria-selected={isChosen}
            tabIndex={isReachable ? 0 : -1}
            draggable
            title={purposeOf(type)}
            onDragStart={drag}
            onClick={onChoose}
            onFocus={onChoose}
            onDoubleClick={() => addModule(type.moduleType)}
        >
            <i style={{ background: `var(${FAMILY_COLOURS[familyOfType(type)]})` }} aria-hidden="true" />
            <span>{typeTitle(type.moduleType, type.instanceName)}</span>
            <small>{portSummary(type)}</small>
        </div>
    );
}

function Details({ type, isBuilding }: { type: ModuleType; isBuilding: boolean }): JSX.Element {
    const params = type.params.filter((param) => param.name !== "enable");
    return (
        <section className="library-details" aria-label={`About ${typeTitle(type.moduleType, type.instanceName)}`}>
            <header>
                <h3>{typeTitle(type.moduleType, type.instanceName)}</h3>
                <Button
                    kind="primary" icon="add" disabled={!isBuilding}
                    title={isBuilding ? "Add to the flow (Enter)" : "Modules are added in mode Build"}
                    onClick={() => addModule(type.moduleType)}
                >
                    Add
                </Button>
            </header>
            <p>{purposeOf(type)}</p>
            <dl>
                {type.ports.map((port) => (
                    <div key={`${port.direction} ${port.id}`}>
                        <dt>{port.direction === "input" ? "Input" : "Output"} </dt>
                        <dd>{portText(port)}</dd>
                    </div>
                ))}
                {params.map((param) => (
                    <div key={param.name}>
                        <dt>{titleOf(param.name)} </dt>
                        <dd>{rangeText(param)}</dd>
                    </div>
                ))}
            </dl>
            <p className="faint">{type.moduleType} · {type.typeId}</p>
        </section>
    );
}
