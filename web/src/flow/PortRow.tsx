import type { PortView } from "./drawing";
import { channelCount } from "./naming";

/** What a port is, in words. */
function describe(port: PortView): string {
    const channels = port.channels === undefined ? "" : `, ${channelCount(port.channels)}`;
    const state = port.isConnected ? "" : port.required ? ", must be connected" : ", not connected";
    return `${port.label} (${port.id})${channels}${state}${port.fault ? `. ${port.fault}` : ""}`;
}

/** A port with its name. Wires are drawn from and to its dot. */
export function PortRow({ module, port }: { module: string; port: PortView }): JSX.Element {
    const classes = [
        "flow-port",
        port.role,
        `width-${port.width}`,
        port.isConnected ? "" : "bare",
        port.fault ? "faulty" : "",
    ];
    return (
        <div
            className={classes.join(" ")}
            data-port={port.id}
            data-role={port.role}
            data-module={module}
            title={describe(port)}
        >
            <i className="flow-dot" />
            <span className="flow-port-label">{port.label}</span>
            {port.fault !== undefined && <i className="flow-mark">!</i>}
            {port.channels !== undefined && <span className="flow-count">{port.channels}</span>}
        </div>
    );
}
