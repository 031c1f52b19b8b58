// What stands around every pane: the scope of its keys, and a net under it.
import { Component, ReactNode } from "react";
import { Button } from "../controls/Button";
import type { PaneID } from "./layout";

interface NetProps {
    children: ReactNode;
}

/** One pane that fails must not take the page with it. */
class Net extends Component<NetProps, { failure: string | null }> {
    state = { failure: null as string | null };

    static getDerivedStateFromError(error: unknown): { failure: string } {
        return { failure: error instanceof Error ? error.message : String(error) };
    }

    render(): ReactNode {
        if (this.state.failure === null) return this.props.children;
        return (
            <div className="empty" role="alert">
                <strong>This pane has failed.</strong>
                <p className="dim">{this.state.failure}</p>
                <Button onClick={() => this.setState({ failure: null })}>Show it again</Button>
            </div>
        );
    }
}

export function PaneHost({ id, children }: { id: PaneID; children: ReactNode }): JSX.Element {
    return (
        <div className={`pane pane-${id}`} data-keys={id} data-pane={id}>
            <Net key={id}>{children}</Net>
        </div>
    );
}
