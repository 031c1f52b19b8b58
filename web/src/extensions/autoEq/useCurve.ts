// A curve that the extension reads out of a text.
import { useEffect, useRef, useState } from "react";
import { decoded } from "../../eq/import/decoded";
import { ask, mostBytes, words } from "../ask";
import { readCurve, type Measurement } from "./curve";

export interface ReadCurve {
    curve?: Measurement;
    fault?: string;
    isReading: boolean;
}

export interface CurveReader extends ReadCurve {
    /** Reads a text; an empty one takes the curve away. */
    read: (name: string, text: string) => void;
    open: (file: File) => void;
}

export function useCurve(extension: string): CurveReader {
    const [state, setState] = useState<ReadCurve>({ isReading: false });
    // Only what was asked for last counts.
    const turn = useRef(0);
    useEffect(() => () => void (turn.current += 1), []);

    const become = async (name: string, text: () => string | Promise<string>): Promise<void> => {
        const own = (turn.current += 1);
        const tell = (next: ReadCurve): void => {
            if (own === turn.current) setState(next);
        };
        setState({ isReading: true });
        try {
            // Windows' ends of lines take more room in a message than anything else.
            const plain = (await text()).replace(/\r\n?/g, "\n");
            if (plain.trim() === "") tell({ isReading: false });
            else tell({ isReading: false, curve: { name, ...readCurve(await ask(extension, "auto_eq.read_csv", { text: plain })) } });
        } catch (error) {
            tell({ isReading: false, fault: `${name}: ${words(error)}` });
        }
    };
    return {
        ...state,
        read: (name, text) => void become(name, () => text),
        open: (file) => void become(file.name, async () => {
            if (file.size <= 2 * mostBytes) return decoded(await file.arrayBuffer());
            throw new Error("This is more than the node takes at once, 1 MB: export fewer points, for instance 96 an octave.");
        }),
    };
}
