// The page, as seen from what was loaded later. Import nothing else of it that keeps a state: there would be two.
import type { Host } from "./host";
import { takeReact } from "./react";

export let page: Host;

/** Call first. */
export function takePage(host: Host): void {
    page = host;
    takeReact(host.react);
}
