// A fit that is going on, and what came of the last one.
import { useEffect, useRef, useState } from "react";
import { ask, words } from "../ask";
import { page } from "../page";
import type { FitRequest } from "./request";
import { readResult, type FitResult } from "./result";

export interface Fit {
    /** 0…1; undefined when none is going on */
    progress?: number;
    result?: FitResult;
    fault?: string;
    start: (request: FitRequest) => void;
    /** Waits no longer; the extension itself goes on to its end, and then hears what is asked next. */
    cancel: () => void;
    /** Forgets everything. */
    clear: () => void;
}

type State = Pick<Fit, "progress" | "result" | "fault">;

export function useFit(extension: string): Fit {
    const [state, setState] = useState<State>({});
    const turn = useRef(0);
    const isRunning = state.progress !== undefined;
    useEffect(() => {
        if (!isRunning) return undefined;
        return page.node.connection.on("extension_event", (message: { extension: string; event: string; data: unknown }) => {
            const { fraction } = (message.data ?? {}) as { fraction?: unknown };
            if (message.extension !== extension || message.event !== "progress" || typeof fraction !== "number") return;
            setState((now) => (now.progress === undefined ? now : { ...now, progress: Math.min(1, Math.max(0, fraction)) }));
        });
    }, [isRunning, extension]);

    const start = async (request: FitRequest): Promise<void> => {
        const own = (turn.current += 1);
        setState((now) => ({ result: now.result, progress: 0 }));
        let next: State;
        try {
            const answer = await ask(extension, "auto_eq.fit", request);
            next = { result: readResult(answer, { freqs: request.freqs, db: request.db }) };
        } catch (error) {
            next = { fault: words(error) };
        }
        if (own === turn.current) setState((now) => ({ result: now.result, ...next }));
    };
    const end = (next: (now: State) => State): void => {
        turn.current += 1;
        setState(next);
    };
    return {
        ...state,
        start: (request) => void start(request),
        cancel: () => end((now) => ({ result: now.result })),
        clear: () => end(() => ({})),
    };
}
