import type { FromReceiver, ToReceiver } from "./messages";

/** What a worker's scope has that is used here; the page has an object like it where it receives by itself. */
export interface ReceiverScope {
    onmessage: ((event: MessageEvent<ToReceiver>) => void) | null;
    postMessage(message: FromReceiver): void;
}

/**
 * Receives the node's audio in a worker, so that a busy page does not hold it up, and hands it to the port. It connects
 * when it is told to; trying again is the page's business.
 */
export function receive(scope: ReceiverScope): void {
    let port: MessagePort | undefined;
    let socket: WebSocket | undefined;

    const close = () => {
        const old = socket;
        socket = undefined;
        old?.close();
    };

    const open = (url: string) => {
        close();
        let opened: WebSocket;
        try {
            opened = new WebSocket(url);
        } catch {
            scope.postMessage({ type: "lost" });
            return;
        }
        socket = opened;
        opened.binaryType = "arraybuffer";
        opened.onopen = () => {
            port?.postMessage("restart");
            scope.postMessage({ type: "open" });
        };
        opened.onmessage = (event: MessageEvent<unknown>) => {
            if (event.data instanceof ArrayBuffer && socket === opened) port?.postMessage(event.data, [event.data]);
        };
        opened.onclose = () => {
            if (socket !== opened) return;
            socket = undefined;
            scope.postMessage({ type: "lost" });
        };
    };

    scope.onmessage = ({ data }) => {
        switch (data.type) {
            case "port":
                port = data.port;
                break;
            case "open":
                open(data.url);
                break;
            case "close":
                close();
                break;
        }
    };
}
