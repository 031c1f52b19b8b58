import { FromReceiver, ToReceiver, listenFile } from "../../worklet/messages";
import { ReceiverScope, receive } from "../../worklet/receiver";

/** Brings the node's packets to a port and says how the connection is. */
export class Receiving {
    private target: { tell: (message: ToReceiver, transfer: Transferable[]) => void; end: () => void };

    /** `connected` is told of the connection; `port` makes a new port to bring packets to. */
    constructor(private readonly connected: (isOpen: boolean) => void, private readonly port: () => MessagePort) {
        const worker = new Worker(new URL(listenFile, document.baseURI));
        worker.onmessage = ({ data }: MessageEvent<FromReceiver>) => this.hear(data);
        this.target = {
            tell: (message, transfer) => worker.postMessage(message, transfer),
            end: () => worker.terminate(),
        };
        this.givePort();
    }

    private givePort(): void {
        const port = this.port();
        this.target.tell({ type: "port", port }, [port]);
    }

    private hear(message: FromReceiver): void {
        if (message.type === "forbidden") {
            // Before the page hears of it, its next attempt goes another way.
            this.target.end();
            this.receiveHere();
        }
        this.connected(message.type === "open");
    }

    /** Receives in the page itself: a little less steady while the page is busy. */
    private receiveHere(): void {
        const scope: ReceiverScope = { onmessage: null, postMessage: (message) => this.hear(message) };
        receive(scope);
        this.target = {
            tell: (message) => scope.onmessage?.({ data: message } as MessageEvent<ToReceiver>),
            end: () => scope.onmessage?.({ data: { type: "close" } } as MessageEvent<ToReceiver>),
        };
        this.givePort();
    }

    /** Connects, instead of any connection before. */
    open(url: string): void {
        this.target.tell({ type: "open", url }, []);
    }

    /** Disconnects. */
    close(): void {
        this.target.tell({ type: "close" }, []);
    }

    /** Ends for good. */
    end(): void {
        this.target.end();
    }
}
