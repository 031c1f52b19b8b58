// Channels (or bands, or splits) side by side: a strip each.

import { notify } from "../frame/ui";
import { node } from "../node/store";
import { setKeys } from "./changes";
import { ChannelTools } from "./ChannelTools";
import { Control } from "./Control";
import { isField, PanelParameter, ParameterGroup } from "./edited";
import { keyOf } from "./keys";
import { toggleChosen, useChannelLink } from "./linkState";
import type { UnitContext } from "./quantity";
import { columnInto, numberReader } from "./spreadsheet";
import { elementName, titleOf } from "./titles";

/** Strips of the parameters that have one index. */
export function Strips(props: { group: ParameterGroup; context: UnitContext; disabled?: boolean }): JSX.Element {
    const { group, context, disabled } = props;
    const [count] = group.extents;
    const isChannels = group.shape === "c";
    const first = group.parameters[0].instances[0];
    const link = useChannelLink(first);
    const hasFader = group.parameters.some((parameter) => isField(parameter) && parameter.quantity.kind === "level");
    const isSingle = group.parameters.filter(isField).length === 1;
    const isFader = (parameter: PanelParameter): boolean => isSingle && parameter.quantity.kind === "level";
    const switches = group.parameters.filter((parameter) => parameter.schema.dataType === "bool");
    const values = group.parameters.filter((parameter) => parameter.schema.dataType !== "bool");
    return (
        <div className="parameter-strips-box">
            {isChannels && <ChannelTools group={group} context={context} disabled={disabled} />}
            <div className={`parameter-strips${hasFader && isSingle ? " faders" : ""}`}>
                {Array.from({ length: count }, (_, index) => (
                    <fieldset key={index} className="parameter-strip" data-index={index}>
                        <legend>
                            {isChannels
                                ? <ChannelButton instance={first} channel={index} count={count} link={link} />
                                : `${elementName(group.shape)} ${index + 1}`}
                        </legend>
                        {values.map((parameter) => (
                            <div key={parameter.schema.name} className="strip-control">
                                {!isSingle && (
                                    <span className="strip-title"
                                        aria-hidden="true">{titleOf(parameter.schema.name)}</span>
                                )}
                                <Control
                                    parameter={parameter} name={keyOf(parameter.schema.name, index)} context={context}
                                    disabled={disabled} readouts
                                    slider={isFader(parameter) ? "vertical" : "horizontal"}
                                    onPasteSeveral={(text) => pasteInto(parameter, text, index, count, context)}
                                />
                            </div>
                        ))}
                        <div className="strip-toggles">
                            {switches.map((parameter) => (
                                <Control
                                    key={parameter.schema.name} parameter={parameter}
                                    name={keyOf(parameter.schema.name, index)}
                                    context={context} disabled={disabled} short
                                />
                            ))}
                        </div>
                    </fieldset>
                ))}
            </div>
        </div>
    );
}

/** Number of a channel; puts it into the linked group or takes it out. */
function ChannelButton(
    props: { instance: string; channel: number; count: number; link: ReturnType<typeof useChannelLink> },
): JSX.Element {
    const { instance, channel, link, count } = props;
    const isChosen = link.chosen.includes(channel);
    const isLinked = link.mode !== "off" && (link.chosen.length === 0 || isChosen);
    return (
        <button
            type="button"
            className={`channel-button${isLinked && count > 1 ? " linked" : ""}`}
            aria-pressed={isChosen}
            aria-label={`Channel ${channel + 1}, choose for linking`}
            title="Choose channels that are linked"
            onClick={() => toggleChosen(instance, channel)}
        >
            {channel + 1}
        </button>
    );
}

/** Puts pasted cells into the channels from one on, and says what was left out. */
function pasteInto(parameter: PanelParameter, text: string, first: number, count: number, context: UnitContext): void {
    const { name } = parameter.schema;
    const { cells } = columnInto(text, count, first, numberReader(parameter.quantity, parameter.range, context));
    const faults = cells.filter((cell) => cell.reason !== undefined);
    if (faults.length > 0) {
        const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
        notify("error", `Nothing was pasted. ${faults[0].reason}${more}`);
        return;
    }
    const values = cells.filter((cell) => cell.value !== undefined)
        .map((cell) => [keyOf(name, cell.channel ?? 0), cell.value ?? 0] as const);
    if (values.length === 0 || node.value(parameter.instances[0], values[0][0]) === undefined) return;
    setKeys(parameter.instances, Object.fromEntries(values));
    notify("info", `${values.length} values were pasted into ${titleOf(name)}, from channel ${first + 1} on.`);
}
