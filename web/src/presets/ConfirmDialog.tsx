// Asks before something is gone for good.

import { Button } from "../controls/Button";
import { Dialog } from "../controls/Dialog";

/** A question with a dangerous answer. */
export function ConfirmDialog(
    props: { title: string; text: string; action: string; onDone: () => void; onClose: () => void },
): JSX.Element {
    return (
        <Dialog
            title={props.title}
            onClose={props.onClose}
            width={400}
            actions={(
                <>
                    <Button onClick={props.onClose}>Cancel</Button>
                    <Button
                        kind="danger"
                        data-autofocus
                        onClick={() => {
                            props.onClose();
                            props.onDone();
                        }}
                    >
                        {props.action}
                    </Button>
                </>
            )}
        >
            <p>{props.text}</p>
        </Dialog>
    );
}
