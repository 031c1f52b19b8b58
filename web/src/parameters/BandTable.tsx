// Bands of one channel as a table: parameters that have a channel and a band.

import { useState } from "react";

import { ChannelTools } from "./ChannelTools";
import { Control } from "./Control";
import type { PanelParameter, ParameterGroup } from "./edited";
import { keyOf } from "./keys";
import { useChannelLink } from "./linkState";
import { Options } from "./Options";
import type { UnitContext } from "./quantity";
import { elementName, titleOf } from "./titles";

/** A table with a row for each element of the second dimension; the first one is chosen above it. */
export function BandTable(props: { group: ParameterGroup; context: UnitContext; disabled?: boolean }): JSX.Element {
    const { group, context, disabled } = props;
    const [count, bands] = group.extents;
    const [chosen, setChosen] = useState(0);
    const shown = Math.min(chosen, count - 1);
    const [outer, inner] = group.shape;
    const link = useChannelLink(group.parameters[0].instances[0]);
    const isSwitch = ({ schema }: PanelParameter): boolean => schema.dataType === "bool";
    const others = group.parameters.filter((parameter) => !isSwitch(parameter));
    const parameters = [...group.parameters.filter(isSwitch), ...others];
    const linked = link.mode !== "off" && (link.chosen.length === 0 || link.chosen.includes(shown)) ? ", linked" : "";
    const label = `${elementName(inner)}s of ${elementName(outer).toLowerCase()} ${shown + 1}${linked}`;
    return (
        <div className="band-table-box">
            <ChannelTools group={group} context={context} disabled={disabled} />
            <label className="band-choice">
                {elementName(outer)}
                <select value={shown} onChange={(event) => setChosen(Number(event.target.value))}>
                    <Options items={count} />
                </select>
            </label>
            <div className="band-table-scroll">
                <table className="band-table" aria-label={label}>
                    <thead>
                        <tr>
                            <th scope="col">{elementName(inner)}</th>
                            {parameters.map(({ schema: { name } }) => <th key={name} scope="col">{titleOf(name)}</th>)}
                        </tr>
                    </thead>
                    <tbody>
                        {Array.from({ length: bands }, (_, band) => (
                            <tr key={band}>
                                <th scope="row">{band + 1}</th>
                                {parameters.map((parameter) => (
                                    <td key={parameter.schema.name}>
                                        <Control
                                            parameter={parameter} name={keyOf(parameter.schema.name, shown, band)}
                                            context={context}
                                            disabled={disabled} slider="none"
                                        />
                                    </td>
                                ))}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </div>
    );
}
