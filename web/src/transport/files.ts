import { notify } from "../frame/notices";
import { Observable, useSelected } from "../node/select";
import { node } from "../node/store";

/** An audio file that the node can play. */
export interface AudioFile {
    name: string;
    durationMs: number;
    sampleRate: number;
    channels: number;
    bytes: number;
    /** Whether the node keeps it itself, so that it can be deleted. */
    kept?: boolean;
}

interface FilesState { files: AudioFile[]; isRead: boolean }

const state = new Observable<FilesState>({ files: [], isRead: false });

function take(message: { files?: AudioFile[] }): void {
    if (Array.isArray(message.files)) state.set({ files: message.files, isRead: true });
}

/** The files at the node, kept up to date while anything shows them. */
export const audioFiles = {
    getState: state.get,

    async read(): Promise<void> {
        const answer = await node.ask<{ files?: AudioFile[] }>({ type: "list_audio_files" });
        if (answer) take(answer);
    },

    async delete(name: string): Promise<void> {
        if ((await node.ask({ type: "delete_audio_file", name })) === null) return;
        notify("info", `${name} was deleted.`);
        await audioFiles.read();
    },
};

node.connection.on("audio_file_list", take);

export function useFiles<T>(select: (state: FilesState) => T): T {
    return useSelected(state, select);
}

/** The last part of a path: files that the node was configured with have one. */
export function shortName(name: string): string {
    return name.split("/").pop() ?? name;
}
