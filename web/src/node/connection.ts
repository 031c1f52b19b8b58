// The WebSocket to the node: requests with their answers, events, reconnection.
import { ConnectionAction, ConnectionEvent, ConnectionState, Machine, start, step } from "./connectionMachine";
import { refusalOf, socketURL } from "./access";
import type { WireMessage } from "./types";

export type { ConnectionState } from "./connectionMachine";

/** A refusal by the node, or a request that could not be answered: `connection_lost`, `timeout`. */
export class NodeError extends Error {
    constructor(
        readonly code: string,
        message: string,
        readonly field?: string,
        /** the refusing message as it came */
        readonly answer?: WireMessage,
    ) {
        super(message);
        this.name = "NodeError";
    }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a listener states what it expects of its type
type Listener = (message: any) => void;

export interface Connection {
    /** Sends a message; resolves with its answer, rejects with a `NodeError`. `patience`: how long that may take, ms. */
    request<A = Record<string, unknown>>(message: { type: string; [key: string]: unknown }, patience?: number): Promise<A>;
    /** Calls `listener` for events of a type until the returned function is called. Answers to requests are no events. */
    on(type: string, listener: Listener): () => void;
    readonly state: ConnectionState;
}

interface Pending {
    of: string;
    resolve: (answer: never) => void;
    reject: (error: NodeError) => void;
    timer: ReturnType<typeof setTimeout>;
}

/** Times, ms: how long an answer may take, a handshake, a silence; and after which silence the page asks. */
const limits = { answer: 15_000, handshake: 5_000, silence: 5_000, ask: 2_000, look: 500 };

/** The connection with its life; the page knows it as a `Connection`. */
export class NodeConnection implements Connection {
    private machine: Machine = start;
    private socket: WebSocket | null = null;
    private attempt = 0;
    private readonly pending = new Map<string, Pending>();
    private readonly listeners = new Map<string, Set<Listener>>();
    private lastID = 0;
    private lastHeard = 0;
    private lastLook = 0;
    private retry: ReturnType<typeof setTimeout> | undefined;

    /**
     * `hear` is told of every message, answers included, before anybody else; `change` of every new state.
     */
    constructor(
        private readonly clientName: () => string,
        private readonly hear: (message: WireMessage, of: string | undefined) => void,
        private readonly change: (machine: Machine) => void,
    ) {}

    get state(): ConnectionState {
        return this.machine.state;
    }

    /** Begins, and goes on until the page is closed. */
    start(): void {
        setInterval(() => this.watch(), limits.look);
        window.addEventListener("online", () => this.tryNow());
        document.addEventListener("visibilitychange", () => {
            if (!document.hidden) this.tryNow();
        });
        this.happen({ type: "try" });
    }

    /** An attempt at once, where the page waits for the next one. */
    tryNow(): void {
        if (this.machine.state === "lost" && this.socket === null) this.happen({ type: "try" });
    }

    /** Another attempt with the token that is stored now. */
    tokenGiven(): void {
        this.happen({ type: "token" });
    }

    /** Leaves the node and comes back, for instance under another name. */
    renew(): void {
        this.ended();
    }

    request<A = Record<string, unknown>>(
        message: { type: string; [key: string]: unknown }, patience = limits.answer,
    ): Promise<A> {
        return new Promise<A>((resolve, reject) => {
            if (this.machine.state !== "open" || this.socket === null) {
                reject(new NodeError("connection_lost", "There is no connection to the node."));
                return;
            }
            this.lastID += 1;
            const requestId = `p${this.lastID}`;
            const timer = setTimeout(() => {
                this.pending.delete(requestId);
                reject(new NodeError("timeout", `The node did not answer ${message.type} within ${patience / 1000} seconds.`));
            }, patience);
            this.pending.set(requestId, { of: message.type, resolve: resolve as Pending["resolve"], reject, timer });
            this.socket.send(JSON.stringify({ ...message, requestId }));
        });
    }

    on(type: string, listener: Listener): () => void {
        const listeners = this.listeners.get(type) ?? new Set<Listener>();
        this.listeners.set(type, listeners);
        listeners.add(listener);
        return () => {
            listeners.delete(listener);
        };
    }

    private happen(event: ConnectionEvent): void {
        const [machine, actions] = step(this.machine, event);
        const isNew = machine !== this.machine;
        this.machine = machine;
        if (isNew) this.change(machine);
        for (const action of actions) this.perform(action);
    }

    private perform(action: ConnectionAction): void {
        switch (action.type) {
            case "open":
                this.open();
                break;
            case "retry":
                clearTimeout(this.retry);
                this.retry = setTimeout(() => this.happen({ type: "try" }), action.afterMs);
                break;
            case "failRequests":
                this.failRequests();
                break;
        }
    }

    private open(): void {
        clearTimeout(this.retry);
        this.drop();
        this.attempt += 1;
        const attempt = this.attempt;
        let socket: WebSocket;
        try {
            socket = new WebSocket(socketURL("/ws", this.clientName()));
        } catch {
            this.happen({ type: "closed", now: Date.now() });
            return;
        }
        this.socket = socket;
        this.lastHeard = performance.now();
        let wasOpen = false;
        socket.onopen = () => {
            if (attempt !== this.attempt) return;
            wasOpen = true;
            this.lastHeard = performance.now();
            this.happen({ type: "opened" });
        };
        socket.onmessage = (event: MessageEvent<unknown>) => {
            if (attempt === this.attempt && typeof event.data === "string") this.receive(event.data);
        };
        socket.onclose = () => {
            if (attempt !== this.attempt) return;
            this.socket = null;
            if (wasOpen) this.happen({ type: "closed", now: Date.now() });
            else void this.askWhy(attempt);
        };
    }

    /** A browser does not say why a handshake failed: the node tells it over HTTP. */
    private async askWhy(attempt: number): Promise<void> {
        const refusal = await refusalOf();
        if (attempt === this.attempt) this.happen({ type: "closed", now: Date.now(), refusal });
    }

    /** Lets go of the socket without waiting for its end. */
    private drop(): void {
        const socket = this.socket;
        this.socket = null;
        if (socket === null) return;
        socket.onopen = null;
        socket.onmessage = null;
        socket.onclose = null;
        socket.close();
    }

    private ended(): void {
        this.attempt += 1;
        this.drop();
        this.happen({ type: "closed", now: Date.now() });
    }

    /** A cable that was pulled closes no socket: silence does. */
    private watch(): void {
        const now = performance.now();
        // A page that was held up has not listened: what came meanwhile still waits to be heard.
        if (now - this.lastLook > 4 * limits.look) this.lastHeard = Math.max(this.lastHeard, now - limits.ask);
        this.lastLook = now;
        if (this.socket === null) return;
        const silence = now - this.lastHeard;
        if (this.machine.state !== "open") {
            if (silence > limits.handshake) this.ended();
        } else if (silence > limits.silence) {
            this.ended();
        } else if (silence > limits.ask && ![...this.pending.values()].some((pending) => pending.of === "ping")) {
            this.request({ type: "ping" }).catch(() => undefined);
        }
    }

    private failRequests(): void {
        const failed = [...this.pending.values()];
        this.pending.clear();
        for (const pending of failed) {
            clearTimeout(pending.timer);
            pending.reject(new NodeError("connection_lost", "The connection to the node was lost before it answered."));
        }
    }

    private receive(text: string): void {
        this.lastHeard = performance.now();
        let message: WireMessage;
        try {
            message = JSON.parse(text) as WireMessage;
        } catch {
            console.error("The node sent what is no JSON.");
            return;
        }
        const requestId = message.requestId === undefined ? undefined : String(message.requestId);
        const pending = requestId === undefined ? undefined : this.pending.get(requestId);
        this.hear(message, pending?.of);
        if (pending !== undefined && requestId !== undefined) {
            this.pending.delete(requestId);
            clearTimeout(pending.timer);
            answer(pending, message);
            return;
        }
        for (const listener of [...(this.listeners.get(message.type) ?? [])]) {
            try {
                listener(message);
            } catch (error) {
                // The others are told all the same.
                console.error(error);
            }
        }
    }
}

function answer(pending: Pending, message: WireMessage): void {
    const isError = message.type === "error";
    if (!isError && message.success !== false) {
        pending.resolve(message as never);
        return;
    }
    const words = isError ? message.message : message.error;
    const text = typeof words === "string" ? words : `The node refused ${pending.of}.`;
    const code = typeof message.code === "string" ? message.code : "refused";
    pending.reject(new NodeError(code, text, typeof message.field === "string" ? message.field : undefined, message));
}
