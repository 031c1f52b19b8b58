// Questions to an extension.
import { page } from "./page";

/** How long an extension may take, ms; the page waits a little longer, so that the node says what became of it. */
const patience = 300_000;
/** What the node takes in one message, bytes, less the message's other fields. */
export const mostBytes = 1_000_000;

/** What an extension answers to a method. Rejects with what a person can read. */
export async function ask(extension: string, method: string, data: unknown): Promise<unknown> {
    const message = { type: "call_extension", extension, method, data, timeoutMs: patience };
    if (new Blob([JSON.stringify(data)]).size > mostBytes) throw new Error("This is more than the node takes at once, 1 MB.");
    return (await page.node.connection.request<{ data: unknown }>(message, patience + 5000)).data;
}

/** What went wrong, as a sentence. */
export function words(error: unknown): string {
    const text = (error instanceof Error ? error.message : String(error)).replace(/^text: /, "");
    return text.charAt(0).toUpperCase() + text.slice(1);
}
