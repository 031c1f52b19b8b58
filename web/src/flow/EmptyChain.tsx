import { Button } from "../controls/Button";
import type { Popup } from "./asking";
import type { Drawing } from "./drawing";

/** What to do with a chain that has no modules. */
export function EmptyChain({ drawing, open }: { drawing: Drawing; open: (popup: Popup) => void }): JSX.Element | null {
    if (!drawing.modules.length || drawing.modules.some((module) => module.kind !== "border")) return null;
    return (
        <div className="flow-empty" data-control="empty">
            <h2>This chain has no modules yet</h2>
            <p>
                Drag one here from the library, or press A and type its name. It goes between inputs and outputs.
            </p>
            <Button
                kind="primary"
                icon="add"
                onClick={(event) => {
                    const box = event.currentTarget.getBoundingClientRect();
                    open({ kind: "add", at: { x: box.left, y: box.bottom + 6 }, target: { kind: "last" } });
                }}
            >
                Add a module
            </Button>
        </div>
    );
}
