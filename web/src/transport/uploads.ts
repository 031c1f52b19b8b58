import { notify } from "../frame/notices";
import { Observable, useSelected } from "../node/select";
import { mendedName, nameFault } from "./audioName";
import { audioFiles } from "./files";
import { Upload, fileFault, upload } from "./upload";

/** A file on its way to the node. `asking` waits for a name from the user. */
export interface UploadItem {
    id: number;
    /** As the file is called here. */
    original: string;
    /** As it shall be called at the node. */
    name: string;
    bytes: number;
    state: "asking" | "waiting" | "sending" | "failed";
    /** 0…1 */
    part: number;
    fault: string | null;
}

/** Names that a further file would replace: those at the node, and those that are on their way to it. */
export function takenNames(files: readonly { name: string }[], items: readonly UploadItem[]): string[] {
    return [...files, ...items.filter((item) => item.state !== "failed")].map((each) => each.name);
}

const state = new Observable<UploadItem[]>([]);
const sources = new Map<number, File>();
let running: { id: number; upload: Upload } | null = null;
let lastID = 0;

function change(id: number, parts: Partial<UploadItem>): void {
    state.set(state.get().map((item) => (item.id === id ? { ...item, ...parts } : item)));
}

function forget(id: number): void {
    sources.delete(id);
    state.set(state.get().filter((item) => item.id !== id));
}

/** Sends the next file; one at a time, so that each has all of the way. */
function next(): void {
    if (running) return;
    const item = state.get().find((each) => each.state === "waiting");
    const file = item && sources.get(item.id);
    if (!item || !file) return;
    const { id } = item;
    change(id, { state: "sending", part: 0 });
    const done = () => {
        running = null;
        next();
    };
    running = {
        id,
        upload: upload(file, item.name, {
            progress: (part) => change(id, { part }),
            done: (name) => {
                forget(id);
                notify("info", `${name} is at the node: press its play button to hear it.`);
                void audioFiles.read();
                done();
            },
            failed: (fault) => {
                change(id, { state: "failed", fault });
                done();
            },
        }),
    };
}

export const uploads = {
    getState: state.get,

    /** Takes files of the user. What cannot have its name, or would replace another file, is asked about first. */
    add(files: Iterable<File>): void {
        for (const file of files) {
            lastID += 1;
            const name = mendedName(file.name);
            const isTaken = takenNames(audioFiles.getState().files, state.get()).includes(name);
            const fault = fileFault(file.size);
            const asks = nameFault(file.name) !== undefined || isTaken;
            sources.set(lastID, file);
            const stage = fault !== undefined ? "failed" : asks ? "asking" : "waiting";
            state.set([...state.get(), {
                id: lastID, original: file.name, name, bytes: file.size, state: stage, part: 0, fault: fault ?? null,
            }]);
        }
        next();
    },

    /** Sends a file that was asked about, under this name. */
    confirm(id: number, name: string): void {
        if (nameFault(name) !== undefined) return;
        change(id, { name, state: "waiting", fault: null });
        next();
    },

    /** Ends an upload, or takes its line away. */
    remove(id: number): void {
        if (running?.id === id) running.upload.cancel();
        forget(id);
    },

    /** Tries a failed one again. */
    retry(id: number): void {
        change(id, { state: "waiting", fault: null });
        next();
    },
};

export function useUploads(): UploadItem[] {
    return useSelected(state, (items) => items);
}
