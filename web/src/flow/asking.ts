import type { Point } from "./chain/modules";
import type { Target } from "./adding";
import type { MenuItem } from "../controls/Menu";

/** A box for one text. */
export interface Question {
    kind: "ask";
    at: Point;
    title: string;
    value: string;
    /** Why a text cannot be taken; undefined when it can. */
    refusal?: (text: string) => string | undefined;
    answer: (text: string) => void;
}

/** What is open over the flow: a box to choose or to type in, or a menu. */
export type Popup =
    | { kind: "add"; at: Point; target: Target }
    | { kind: "connect"; at: Point; module: string }
    | Question
    | { kind: "menu"; at: Point; label: string; items: MenuItem[] };

/** Why a text is no channel count; an empty one leaves it to the wire. */
export function channelRefusal(text: string): string | undefined {
    const trimmed = text.trim();
    if (trimmed === "") return undefined;
    const count = Number(trimmed);
    const isRight = Number.isInteger(count) && count >= 1 && count <= 64;
    return isRight ? undefined : "1 to 64, or nothing to take what the wire has.";
}
