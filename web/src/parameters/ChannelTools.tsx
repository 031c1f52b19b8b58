// Above the strips: linking of channels, and columns to and from a spreadsheet.

import { useState } from "react";

import { MenuButton } from "../controls/Menu";
import { notify } from "../frame/ui";
import { node } from "../node/store";
import { copyText } from "./clipboard";
import { isField, PanelParameter, ParameterGroup } from "./edited";
import { keyOf } from "./keys";
import type { LinkMode } from "./linking";
import { choose, setLinkMode, useChannelLink } from "./linkState";
import { PasteColumn } from "./PasteColumn";
import type { UnitContext } from "./quantity";
import { columnText } from "./spreadsheet";
import { titleOf } from "./titles";

const modes: { mode: LinkMode; title: string; hint: string }[] = [
    { mode: "off", title: "Off", hint: "Every channel is set by itself" },
    { mode: "relative", title: "Relative", hint: "Linked channels move together and keep their differences" },
    { mode: "absolute", title: "Same", hint: "Linked channels take the same value" },
];

/** Link mode, the channels that are linked, and the menu of columns. */
export function ChannelTools(props: { group: ParameterGroup; context: UnitContext; disabled?: boolean }): JSX.Element {
    const { group } = props;
    const first = group.parameters[0].instances[0];
    const link = useChannelLink(first);
    const [pasting, setPasting] = useState<PanelParameter | null>(null);
    const channels = group.extents[group.shape.indexOf("c")];
    const numbers = group.shape === "c" ? group.parameters.filter(isField) : [];
    const copy = (parameter: PanelParameter): void => {
        const { name } = parameter.schema;
        const values = Array.from({ length: channels }, (_, channel) => node.value(first, keyOf(name, channel)) ?? "");
        void copyText(columnText(values));
        notify("info", `${titleOf(name)} of ${channels} channels is in the clipboard${unitNote(parameter)}.`);
    };
    const several = numbers.length > 1;
    const chosen = link.chosen.map((channel) => channel + 1).join(", ");
    return (
        <div className="channel-tools">
            {channels > 1 && (
                <div className="segments" role="radiogroup" aria-label="Link channels">
                    <span className="segments-title" aria-hidden="true">Link</span>
                    {modes.map(({ mode, title, hint }) => (
                        <button
                            key={mode} type="button" role="radio" aria-checked={link.mode === mode} title={hint}
                            tabIndex={link.mode === mode ? 0 : -1}
                            onClick={() => setLinkMode(first, mode)}
                            onKeyDown={(event) => {
                                const way = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1
                                    : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
                                if (way === 0) return;
                                event.preventDefault();
                                const at = modes.findIndex((known) => known.mode === link.mode);
                                const next = (at + way + modes.length) % modes.length;
                                setLinkMode(first, modes[next].mode);
                                const row = event.currentTarget.parentElement;
                                const buttons = row?.querySelectorAll<HTMLElement>("[role=radio]");
                                buttons?.[next]?.focus();
                            }}
                        >
                            {title}
                        </button>
                    ))}
                </div>
            )}
            {channels > 1 && link.mode !== "off" && (
                <span className="link-note">
                    {link.chosen.length === 0 ? "all channels" : `channels ${chosen}`}
                    {link.chosen.length > 0 && (
                        <button type="button" className="text-button" onClick={() => choose(first, [])}>all</button>
                    )}
                </span>
            )}
            {numbers.length > 0 && (
                <MenuButton
                    label="Columns" className="button quiet" title="Columns to and from a spreadsheet"
                    items={numbers.flatMap((parameter, index) => {
                        const what = several ? ` of ${titleOf(parameter.schema.name)}` : "";
                        return [
                            {
                                title: `Paste column${what}…`, disabled: props.disabled, separated: index > 0,
                                run: () => setPasting(parameter),
                            },
                            { title: `Copy column${what}`, run: () => copy(parameter) },
                        ];
                    })}
                >
                    Columns
                </MenuButton>
            )}
            {pasting && (
                <PasteColumn parameter={pasting} channels={channels} context={props.context}
                    onClose={() => setPasting(null)} />
            )}
        </div>
    );
}

function unitNote(parameter: PanelParameter): string {
    const { unit } = parameter.quantity;
    return unit ? `, in ${unit}` : "";
}
