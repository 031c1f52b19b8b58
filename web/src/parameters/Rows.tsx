// Parameters that a module has once: a row each.

import { useId } from "react";

import { Control } from "./Control";
import type { PanelParameter } from "./edited";
import type { UnitContext } from "./quantity";
import { titleOf } from "./titles";

/** Rows of title and control. */
export function Rows(props: { parameters: PanelParameter[]; context: UnitContext; disabled?: boolean }): JSX.Element {
    return (
        <div className="parameter-rows">
            {props.parameters.map((parameter) => (
                <Row key={parameter.schema.name} parameter={parameter} context={props.context}
                    disabled={props.disabled} />
            ))}
        </div>
    );
}

function Row(props: { parameter: PanelParameter; context: UnitContext; disabled?: boolean }): JSX.Element {
    const { parameter } = props;
    const id = useId();
    return (
        <div className="parameter-row" data-parameter={parameter.schema.name}>
            <label htmlFor={id}>{titleOf(parameter.schema.name)}</label>
            <Control parameter={parameter} name={parameter.schema.name} context={props.context}
                disabled={props.disabled} id={id} readouts />
        </div>
    );
}
