// What shapes the chain: apart from what is tuned, and read-only while tuning.

import { useId } from "react";

import { Button } from "../controls/Button";
import { node } from "../node/store";
import { groupsOf, PanelParameter } from "./edited";
import type { UnitContext } from "./quantity";
import { Rows } from "./Rows";
import { Strips } from "./Strips";

/** System parameters, with the reason why they rest. */
export function SystemParameters(
    { parameters, context, reason }: { parameters: PanelParameter[]; context: UnitContext; reason: string | null },
): JSX.Element | null {
    const id = useId();
    const groups = groupsOf(parameters);
    if (groups.length === 0) return null;
    return (
        <section className="system-parameters" aria-labelledby={id}>
            <h3 id={id}>Structure</h3>
            {reason && (
                <p className="lock-note" role="note">
                    {reason}
                    {" "}
                    <Button className="text-button"
                        onClick={() => void node.ask({ type: "set_mode", mode: "chain_builder" })}>
                        Go to chain builder
                    </Button>
                </p>
            )}
            {groups.map((group) => (group.shape.length === 1
                ? <Strips key={group.shape} group={group} context={context} disabled={reason !== null} />
                : <Rows key={group.shape} parameters={group.parameters} context={context}
                    disabled={reason !== null} />))}
        </section>
    );
}
