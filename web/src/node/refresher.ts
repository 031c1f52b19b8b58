// Reads the node's state: everything after connecting, parts of it when something has changed. Requests that are asked for
// again while they are due are made once.
import { fetchNode } from "./access";
import { Connection, NodeError } from "./connection";
import type { NodeState } from "./state";
import type { Revision } from "./linkEdits";

export interface RefreshTarget {
    update: (parts: Partial<NodeState>) => void;
    /** `isNewest`: no newer one is on its way. */
    link: (link: Revision, isNewest: boolean) => void;
    values: (instances: Record<string, Record<string, string>>, isWhole: boolean) => void;
    knownPresets: () => string[];
    isMissing: (type: string) => boolean;
    missing: (type: string) => void;
    version: (version: string) => void;
}

type Answer = { [key: string]: unknown };

/** Entries of the history that the page shows. */
const historyLength = 200;
/** How long changes are waited for before parts are read again, ms. */
const delays = { values: 30, link: 0, history: 250, presets: 50, profiles: 50, engine: 100 };

/** How long after a request that failed it is made again, ms. */
const retryPause = 2000;

/** What a node of an earlier version may not know. */
const optional = ["get_output", "get_transport", "get_compare", "get_thread_assignments", "list_extensions"];

export class Refresher {
    private readonly due = new Map<string, ReturnType<typeof setTimeout>>();
    private readonly running = new Set<string>();
    private generation = 0;

    constructor(
        private readonly connection: Connection,
        private readonly target: RefreshTarget,
    ) {}

    /** Reads everything. The answers of most requests find their way through the store's reducer. */
    async everything(): Promise<void> {
        this.generation += 1;
        const generation = this.generation;
        for (const timer of this.due.values()) clearTimeout(timer);
        this.due.clear();
        this.running.clear();
        const presets = this.target.knownPresets();
        this.target.update({ missing: [], presets: {}, faults: [] });
        this.onConnect();
        try {
            await this.readVersion();
            await this.connection.request({ type: "get_module_library" });
            const all = await this.connection.request<Answer>({ type: "get_all_params" });
            this.target.values(all.instances as Record<string, Record<string, string>>, true);
            const link = await this.connection.request<Answer & Revision>({ type: "read_link" });
            this.target.link(link, !this.due.has("link") && !this.running.has("link"));
            await Promise.all([
                this.connection.request({ type: "get_status" }),
                this.connection.request({ type: "get_audio_engine_status" }),
                this.connection.request({ type: "get_history", limit: historyLength }),
                this.connection.request({ type: "list_profiles" }),
                ...presets.map((instanceId) => this.request({ type: "list_presets", instanceId })),
                ...optional.map((type) => this.request({ type })),
            ]);
            if (generation === this.generation) this.target.update({ isLoaded: true });
        } catch (error) {
            // A connection that was lost meanwhile is read again when it comes back.
            if (error instanceof NodeError && error.code === "connection_lost") return;
            console.error(error);
            setTimeout(() => {
                if (generation === this.generation && this.connection.state === "open") void this.everything();
            }, retryPause);
        }
    }

    /** What has to be told to a node that knows nothing of this page; set by the store. */
    onConnect: () => void = () => undefined;

    /** Values of one instance, or of all. */
    values(instanceId?: string): void {
        const name = instanceId === undefined ? "values" : `values ${instanceId}`;
        this.soon(name, delays.values, async () => {
            const message = { type: "get_all_params", ...(instanceId === undefined ? {} : { instanceId }) };
            const answer = await this.connection.request<Answer>(message);
            if (instanceId === undefined) {
                this.target.values(answer.instances as Record<string, Record<string, string>>, true);
            } else {
                this.target.values({ [instanceId]: answer.params as Record<string, string> }, false);
            }
        });
    }

    /** The chain, and with it the values. */
    link(): void {
        this.soon("link", delays.link, async () => {
            const link = await this.connection.request<Answer & Revision>({ type: "read_link" });
            // The later answer: values that others change while it is on its way are in it.
            const values = await this.connection.request<Answer>({ type: "get_all_params" });
            this.target.values(values.instances as Record<string, Record<string, string>>, true);
            this.target.link(link, !this.due.has("link"));
        });
    }

    history(): void {
        this.soon("history", delays.history, () => this.connection.request({ type: "get_history", limit: historyLength }));
    }

    presets(instanceId: string): void {
        this.soon(`presets ${instanceId}`, delays.presets, () => this.connection.request({ type: "list_presets", instanceId }));
    }

    profiles(): void {
        this.soon("profiles", delays.profiles, () => this.connection.request({ type: "list_profiles" }));
    }

    engine(): void {
        this.soon("engine", delays.engine, () => this.connection.request({ type: "get_audio_engine_status" }));
    }

    /** Makes a request after a pause; what is asked for while it runs makes it run once more. */
    private soon(name: string, delay: number, run: () => Promise<unknown>): void {
        if (this.due.has(name)) return;
        const generation = this.generation;
        const begin = (): void => {
            if (this.running.has(name)) {
                this.due.set(name, setTimeout(begin, delay + 20));
                return;
            }
            this.due.delete(name);
            this.running.add(name);
            run()
                .catch((error: unknown) => {
                    if (generation !== this.generation || this.connection.state !== "open") return;
                    console.warn(error);
                    if (error instanceof NodeError && error.code === "timeout") this.soon(name, retryPause, run);
                })
                .finally(() => {
                    if (generation === this.generation) this.running.delete(name);
                });
        };
        this.due.set(name, setTimeout(begin, delay));
    }

    /** A request that an older node may not know. */
    private async request(message: { type: string; [key: string]: unknown }): Promise<void> {
        try {
            await this.connection.request(message);
        } catch (error) {
            if (!(error instanceof NodeError) || error.code === "connection_lost") throw error;
            if (error.code === "unknown_type" || error.code === "unsupported") this.target.missing(message.type);
        }
    }

    private async readVersion(): Promise<void> {
        try {
            const response = await fetchNode("/api/status", { cache: "no-store" });
            const status = (await response.json()) as { version?: unknown };
            if (typeof status.version === "string") this.target.version(status.version);
        } catch {
            // The WebSocket is what counts.
        }
    }
}
