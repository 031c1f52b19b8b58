// How the page finds its node and shows its access token.
import { readStored, writeStored } from "../frame/storage";
import type { Refusal } from "./connectionMachine";

const key = "soundpost.token";

/** The access token, for this tab only. */
export function storedToken(): string | undefined {
    const token = readStored(key, "session");
    return typeof token === "string" && token !== "" ? token : undefined;
}

export function storeToken(token: string | undefined): void {
    writeStored(key, token, "session");
}

/** Takes the token out of the page's address, so that it stays in no history and on no screen. */
export function takeTokenFromAddress(): void {
    const address = new URL(location.href);
    const token = address.searchParams.get("token");
    if (token === null) return;
    storeToken(token);
    address.searchParams.delete("token");
    history.replaceState(history.state, "", address);
}

/** The address of a WebSocket of the node, with name and token as it asks for them. */
export function socketURL(path: string, client?: string): string {
    const address = new URL(path, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (client !== undefined) address.searchParams.set("client", client);
    const token = storedToken();
    if (token !== undefined) address.searchParams.set("token", token);
    return address.href;
}

/** `fetch` of one of the node's paths, with the token. */
export function fetchNode(path: string, options: RequestInit = {}): Promise<Response> {
    const headers = new Headers(options.headers);
    const token = storedToken();
    if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
    return fetch(path, { ...options, headers });
}

/** Why the node does not let this page in; undefined when it would, or is not there. */
export async function refusalOf(): Promise<Refusal | undefined> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), 3000);
    try {
        const response = await fetchNode("/api/status", { signal: abort.signal, cache: "no-store" });
        if (![401, 403, 429].includes(response.status)) return undefined;
        const answer = (await response.json()) as { code?: unknown; message?: unknown };
        if (typeof answer.code !== "string") return undefined;
        if (!["token_missing", "token_wrong", "too_many_tokens"].includes(answer.code)) return undefined;
        return { code: answer.code, message: typeof answer.message === "string" ? answer.message : "" };
    } catch {
        return undefined;
    } finally {
        clearTimeout(timer);
    }
}
