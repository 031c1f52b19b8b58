import { storedToken } from "../node/access";

/** Largest file that the node takes, bytes. */
export const largestUpload = 256 * 1024 * 1024;

/** An upload that can be ended. */
export interface Upload { cancel(): void }

/** What happens to an upload. */
export interface UploadEvents {
    /** A part from 0 to 1. */
    progress: (part: number) => void;
    done: (name: string) => void;
    failed: (why: string) => void;
}

/** Why a file need not be sent at all; undefined when it may. */
export function fileFault(bytes: number): string | undefined {
    if (bytes === 0) return "The file is empty.";
    if (bytes <= largestUpload) return undefined;
    return `The file has ${Math.ceil(bytes / 2 ** 20)} MiB; the node takes up to ${largestUpload / 2 ** 20} MiB.`;
}

/** What an answer of the node means to a person. */
export function uploadFault(status: number, body: string): string {
    const told = messageOf(body);
    if (status === 413) return told ?? "The file is larger than the node takes.";
    if (status === 507) return told ?? "The node has no room for the file.";
    if (status === 401 || status === 403) return told ?? "The node asks for its token.";
    return told ?? (status === 0 ? "The connection broke." : `The node answered ${status}.`);
}

function messageOf(body: string): string | undefined {
    try {
        const answer = JSON.parse(body) as { message?: unknown };
        return typeof answer.message === "string" && answer.message !== "" ? answer.message : undefined;
    } catch {
        return undefined;
    }
}

/** Sends a file to the node, to be kept under a name that has no fault. */
export function upload(file: Blob, name: string, events: UploadEvents): Upload {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/audio/upload?name=${encodeURIComponent(name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    const token = storedToken();
    if (token !== undefined) request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => {
        if (event.lengthComputable) events.progress(event.loaded / event.total);
    };
    request.onload = () => {
        if (request.status >= 200 && request.status < 300) events.done(name);
        else events.failed(uploadFault(request.status, request.responseText));
    };
    request.onerror = () => events.failed("The connection to the node broke; the file was not kept.");
    request.onabort = () => events.failed("Cancelled; the file was not kept.");
    request.send(file);
    return { cancel: () => request.abort() };
}
