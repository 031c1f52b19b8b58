// Asks for a name, and says when something of that name would be replaced.

import { ReactNode, useId, useState } from "react";

import { Button } from "../controls/Button";
import { Dialog } from "../controls/Dialog";
import { idFor, nameFault } from "./presetName";

/** What the dialog needs. */
export interface NameDialogProps {
    title: string;
    /** On the button: "Save". */
    action: string;
    name: string;
    /** Those whose names are taken. */
    others: { id: string; name: string }[];
    /** Whether a taken name replaces the other; else it is refused. */
    mayReplace: boolean;
    children?: ReactNode;
    /** Whether the rest of the dialog is in order. */
    isReady?: boolean;
    onDone: (name: string, id: string) => void;
    onClose: () => void;
}

/** A dialog with one field for a name. */
export function NameDialog(props: NameDialogProps): JSX.Element {
    const [name, setName] = useState(props.name);
    const [isTouched, setTouched] = useState(false);
    const fieldId = useId();
    const noteId = useId();
    const { id, replaces } = idFor(name, props.others);
    const fault = nameFault(name) ?? (replaces && !props.mayReplace ? `There is "${name.trim()}" already.` : null);
    const note = fault ? (isTouched ? fault : null) : replaces
        ? `"${name.trim()}" is there already and will be replaced.` : null;
    const finish = (): void => {
        setTouched(true);
        if (fault || props.isReady === false) return;
        props.onClose();
        props.onDone(name.trim(), id);
    };
    return (
        <Dialog
            title={props.title}
            onClose={props.onClose}
            width={420}
            actions={(
                <>
                    <Button onClick={props.onClose}>Cancel</Button>
                    <Button kind="primary" disabled={props.isReady === false} onClick={finish}>
                        {replaces && !fault ? "Replace" : props.action}
                    </Button>
                </>
            )}
        >
            <div className="name-field">
                <label htmlFor={fieldId}>Name</label>
                <input
                    id={fieldId} type="text" data-autofocus autoComplete="off" value={name}
                    aria-invalid={isTouched && fault !== null} aria-describedby={noteId}
                    onFocus={(event) => event.target.select()}
                    onChange={(event) => {
                        setName(event.target.value);
                        setTouched(true);
                    }}
                    onKeyDown={(event) => {
                        if (event.key !== "Enter") return;
                        // The key must not go on to the button that gets the focus back.
                        event.preventDefault();
                        finish();
                    }}
                />
                <p id={noteId} role="status" className={fault ? "name-note faulty" : "name-note"}>{note}</p>
            </div>
            {props.children}
        </Dialog>
    );
}
