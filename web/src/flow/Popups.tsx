import { useMemo } from "react";
import { MenuList } from "../controls/Menu";
import { useNode } from "../node/store";
import { add, describeTarget } from "./adding";
import { AskBox } from "./AskBox";
import type { Popup } from "./asking";
import { SUBGRAPH } from "./chain/model";
import { chooseWire, wireChoices } from "./connecting";
import type { Drawing } from "./drawing";
import { FAMILY_COLOURS, familyOf, searchWords, typeTitle } from "./families";
import { PickBox } from "./PickBox";
import type { Choice } from "./PickBox";

export interface PopupsProps {
    popup: Popup;
    drawing: Drawing;
    onClose: () => void;
}

/** The box or menu that is open over the flow. */
export function Popups({ popup, drawing, onClose }: PopupsProps): JSX.Element {
    switch (popup.kind) {
        case "menu":
            return <MenuList label={popup.label} items={popup.items} at={popup.at} onClose={onClose} />;
        case "ask":
            return <AskBox {...popup} onAnswer={popup.answer} onClose={onClose} />;
        case "add":
            return <AddBox popup={popup} onClose={onClose} />;
        case "connect":
            return <ConnectBox popup={popup} drawing={drawing} onClose={onClose} />;
    }
}

function AddBox({ popup, onClose }: { popup: Popup & { kind: "add" }; onClose: () => void }): JSX.Element {
    const library = useNode((state) => state.library);
    const choices = useMemo(() => {
        const types = Object.values(library).map((type): Choice => {
            const family = familyOf(type.moduleType, type.ports.some((port) => port.direction === "input"));
            return {
                id: type.moduleType,
                title: typeTitle(type.moduleType, type.instanceName),
                detail: type.instanceName,
                words: searchWords(type.moduleType),
                colour: FAMILY_COLOURS[family],
            };
        });
        const group = {
            id: SUBGRAPH,
            title: typeTitle(SUBGRAPH),
            detail: "empty",
            words: searchWords(SUBGRAPH),
            colour: FAMILY_COLOURS.group,
        };
        return [...types, group];
    }, [library]);
    const { target } = popup;
    const isFixed = target.kind === "loose" || target.kind === "wire";
    return (
        <PickBox
            title="Add a module"
            placeholder="Type a module: eq, lim, delay…"
            choices={choices}
            at={popup.at}
            hint={isFixed ? describeTarget(target) : `${describeTarget(target)} Shift+Enter: without wires.`}
            empty="No module is called that."
            onPick={(choice, isShifted) => add(choice.id, isShifted && !isFixed ? { kind: "loose" } : target)}
            onClose={onClose}
        />
    );
}

interface ConnectBoxProps {
    popup: Popup & { kind: "connect" };
    drawing: Drawing;
    onClose: () => void;
}

function ConnectBox({ popup, drawing, onClose }: ConnectBoxProps): JSX.Element {
    const choices = useMemo(() => wireChoices(drawing, popup.module), [drawing, popup.module]);
    const title = drawing.byID.get(popup.module)?.title ?? popup.module;
    return (
        <PickBox
            title={`Wires of ${title}`}
            placeholder="Type a module or port"
            choices={choices}
            at={popup.at}
            empty="Nothing can be connected. Add a module first (A)."
            onPick={(choice) => {
                const chosen = choices.find((each) => each.id === choice.id);
                if (chosen) chooseWire(chosen);
            }}
            onClose={onClose}
        />
    );
}
