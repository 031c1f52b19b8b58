// What other panes change the chain with.
import { add, usualTarget } from "./adding";

/**
 * Adds a module of a type where it is most likely wanted: behind the module selected, else before the chain's outputs.
 */
export function addModule(moduleType: string): void {
    add(moduleType, usualTarget());
}
