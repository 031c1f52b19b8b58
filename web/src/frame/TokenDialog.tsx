// Asks for the access token when the node wants one.
import { FormEvent, useState } from "react";
import { Button } from "../controls/Button";
import { Dialog } from "../controls/Dialog";
import { storeToken } from "../node/access";
import { node, useNode } from "../node/store";

export function TokenDialog(): JSX.Element | null {
    const refusal = useNode((state) => (state.connection === "refused" ? state.refusal : null));
    const [token, setToken] = useState("");
    if (refusal === null) return null;
    const give = (event: FormEvent): void => {
        event.preventDefault();
        storeToken(token.trim() === "" ? undefined : token.trim());
        setToken("");
        node.tokenGiven();
    };
    const says = {
        token_missing: "This node asks for its access token.",
        token_wrong: "That is not the access token of this node.",
        too_many_tokens: "Too many wrong tokens came from here. Wait a minute, then try again.",
    }[refusal.code] ?? refusal.message;
    return (
        <Dialog
            title="Access token"
            closable={false}
            onClose={() => undefined}
            actions={<Button kind="primary" type="submit" form="token-form">Connect</Button>}
        >
            <p role="alert">{says}</p>
            <form id="token-form" className="token-form" onSubmit={give}>
                <label>
                    Token
                    <input
                        type="password" data-autofocus="" autoComplete="off" spellCheck={false} value={token}
                        onChange={(event) => setToken(event.currentTarget.value)}
                    />
                </label>
            </form>
            <p className="dim">
                The node made it at its first start and keeps it in the file that its settings call Backend.TokenFile. This tab
                remembers it until it is closed.
            </p>
        </Dialog>
    );
}
