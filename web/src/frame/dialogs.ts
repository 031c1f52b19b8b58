// Which of the page's own dialogs is open.
import { Observable, useSelected } from "../node/select";

export type DialogName = "keys" | "tour" | "connection";

const open = new Observable<{ name: DialogName | null }>({ name: null });

/** Opens one of the page's dialogs, or closes them with null. */
export function showDialog(name: DialogName | null): void {
    open.update({ name });
}

export function useDialog(): DialogName | null {
    return useSelected(open, (state) => state.name);
}
