// One element of a parameter: a number, a switch or a choice, on all modules that are edited together.

import { useCallback, useRef, useSyncExternalStore } from "react";

import { node, useValue } from "../node/store";
import { moveNumber, setScalar, Start, startOf } from "./changes";
import type { PanelParameter } from "./edited";
import { formatDelay } from "./format";
import { defaultAt, parseKey } from "./keys";
import { NumberField } from "./NumberField";
import { Options } from "./Options";
import { delayUnits, UnitContext } from "./quantity";
import { Slider } from "./Slider";
import { elementTitle, shortTitleOf, titleOf } from "./titles";

/** What every control of an element needs. */
export interface ControlProps {
    parameter: PanelParameter;
    /** Canonical key of the element. */
    name: string;
    context: UnitContext;
    disabled?: boolean;
}

/** Whether modules that are edited together differ in a value. */
function useMixed(instances: string[], key: string): boolean {
    const all = instances.join(" ");
    const subscribe = useCallback((listener: () => void) => {
        const stops = all.split(" ").map((instance) => node.watchValues(instance, listener));
        return () => stops.forEach((stop) => stop());
    }, [all]);
    return useSyncExternalStore(subscribe, () => {
        const [first, ...others] = all.split(" ");
        return others.some((instance) => node.value(instance, key) !== node.value(first, key));
    });
}

/** Parts of a number control; a layout decides which it wants and where. */
export interface NumberControlProps extends ControlProps {
    slider?: "horizontal" | "vertical" | "none";
    onPasteSeveral?: (text: string) => void;
    /** Shows a delay in its other units too. */
    readouts?: boolean;
    id?: string;
}

/** Field and slider of a number. */
export function NumberControl(props: NumberControlProps): JSX.Element {
    const { parameter, name, context, disabled, slider = "horizontal" } = props;
    const { quantity, range, law, schema, instances } = parameter;
    const text = useValue(instances[0], name);
    const mixed = useMixed(instances, name);
    const start = useRef<Start | null>(null);
    const { indices } = parseKey(name);
    const label = elementTitle(schema, indices);
    const value = text === undefined ? undefined : Number(text);
    const preset = defaultAt(schema, indices);

    const change = (next: number): void => moveNumber(parameter, name, start.current ?? startOf(parameter, name), next);
    const toDefault = (): void => {
        start.current = null;
        setScalar(parameter, name, preset);
    };
    const mark = quantity.kind === "level" && range.min < 0 && range.max > 0 ? 0 : undefined;
    const hasReadouts = props.readouts && quantity.kind === "delay" && value !== undefined;
    const field = (
        <NumberField
            id={props.id} label={label} value={value} quantity={quantity} range={range} law={law} context={context}
            mixed={mixed} disabled={disabled} onChange={change} onDefault={toDefault}
            onPasteSeveral={props.onPasteSeveral}
        />
    );
    return (
        <span className={`number-control ${slider}`}>
            {slider !== "vertical" && field}
            {slider !== "none" && (
                <Slider
                    label={label} value={value} quantity={quantity} law={law} context={context} disabled={disabled}
                    vertical={slider === "vertical"} mark={mark} onDefault={toDefault} onChange={change}
                    onStart={() => {
                        start.current = startOf(parameter, name);
                    }}
                    onEnd={() => {
                        start.current = null;
                    }}
                />
            )}
            {slider === "vertical" && field}
            {hasReadouts && <DelayReadouts samples={value} context={context} />}
        </span>
    );
}

/** A delay in time, as a way and in samples. */
function DelayReadouts({ samples, context }: { samples: number; context: UnitContext }): JSX.Element {
    const way = context.delayUnit === "ft" || context.delayUnit === "m" ? context.delayUnit : "cm";
    const shown = delayUnits.filter((unit) => unit === "ms" || unit === way || unit === "samples");
    return (
        <span className="delay-readouts">
            {shown.map((unit) => <span key={unit}>{formatDelay(samples, unit, context)}</span>)}
        </span>
    );
}

/** A switch that stays pressed. */
export function ToggleControl(props: ControlProps & { short?: boolean }): JSX.Element {
    const { parameter, name, disabled } = props;
    const text = useValue(parameter.instances[0], name);
    const mixed = useMixed(parameter.instances, name);
    const { indices } = parseKey(name);
    const isOn = text === "true";
    const title = elementTitle(parameter.schema, indices);
    const preset = defaultAt(parameter.schema, indices);
    return (
        <button
            type="button"
            className="parameter-toggle"
            data-name={parameter.schema.name}
            aria-pressed={mixed ? "mixed" : isOn}
            aria-label={title}
            title={props.short ? title : undefined}
            disabled={disabled || text === undefined}
            onClick={(event) => setScalar(parameter, name, event.ctrlKey || event.metaKey ? preset : !isOn)}
        >
            {props.short ? shortTitleOf(parameter.schema.name) : isOn ? "On" : "Off"}
        </button>
    );
}

/** A choice of an enumeration. */
export function ChoiceControl({ parameter, name, disabled, id }: ControlProps & { id?: string }): JSX.Element {
    const text = useValue(parameter.instances[0], name);
    const mixed = useMixed(parameter.instances, name);
    const { indices } = parseKey(name);
    return (
        <select
            id={id}
            className="parameter-choice"
            aria-label={elementTitle(parameter.schema, indices)}
            disabled={disabled || text === undefined}
            value={mixed ? "" : text ?? ""}
            onChange={(event) => setScalar(parameter, name, event.target.value)}
        >
            {mixed && <option value="" disabled>mixed</option>}
            <Options items={(parameter.schema.values ?? []).map((value) => [value, titleOf(value)])} />
        </select>
    );
}

/** The control that suits the data type; an array comes from a file and is only counted. */
export function Control(props: NumberControlProps & { short?: boolean }): JSX.Element {
    switch (props.parameter.schema.dataType) {
        case "bool": return <ToggleControl {...props} />;
        case "enum": return <ChoiceControl {...props} />;
        case "floatArray": return <ArrayReadout {...props} />;
        default: return <NumberControl {...props} />;
    }
}

function ArrayReadout({ parameter, name }: ControlProps): JSX.Element {
    const text = useValue(parameter.instances[0], name);
    return <span className="array-readout">{text ? text : "Set from a file"}</span>;
}
