// Begin of the part of the page that is loaded when somebody wants it: extensions.js, extensions.css.
import { AutoEqDialog } from "./autoEq/AutoEqDialog";
import { ExtensionList } from "./ExtensionList";
import type { Host } from "./host";
import { takePage } from "./page";
import "./extensions.css";

/** The panels, once they know the page. */
export function begin(host: Host): { AutoEqDialog: typeof AutoEqDialog; ExtensionList: typeof ExtensionList } {
    takePage(host);
    return { AutoEqDialog, ExtensionList };
}
