// The place of the graph in the page. React makes the elements once; everything that moves is `EqGraph`'s.
import { useEffect, useRef, type MutableRefObject } from "react";
import { notify } from "../frame/notices";
import { node } from "../node/store";
import { noBandFree } from "./bands";
import { EqGraph } from "./view";
import type { EqModel } from "./model";
import { useEqSettings } from "./settings";
import { Spectra } from "./spectra";

export interface EqGraphViewProps {
    model: EqModel;
    channel: number;
    selected: number | undefined;
    onSelect: (band: number | undefined) => void;
    spectra: MutableRefObject<Spectra>;
}

/** How often the node sends spectra, ms. */
const interval = 50;

function sendAudition(audition: { freq: number; q: number } | null): Promise<unknown> {
    return node.connection.request({ type: "set_output", ...(audition ? { audition } : { endAudition: true }) });
}

export function EqGraphView({ model, channel, selected, onSelect, spectra }: EqGraphViewProps): JSX.Element {
    const box = useRef<HTMLDivElement>(null);
    const back = useRef<HTMLCanvasElement>(null);
    const front = useRef<HTMLCanvasElement>(null);
    const layer = useRef<HTMLDivElement>(null);
    const readout = useRef<HTMLDivElement>(null);
    const graph = useRef<EqGraph | null>(null);
    const select = useRef(onSelect);
    select.current = onSelect;
    const { showsPre, showsPost } = useEqSettings();

    useEffect(() => {
        if (!box.current || !back.current || !front.current || !layer.current || !readout.current) return undefined;
        const made = new EqGraph(
            { box: box.current, back: back.current, front: front.current, layer: layer.current, readout: readout.current },
            spectra.current,
            {
                select: (band) => select.current(band),
                full: () => notify("error", noBandFree),
            },
            sendAudition,
        );
        graph.current = made;
        return () => {
            graph.current = null;
            made.close();
        };
    }, [spectra]);

    useEffect(() => {
        graph.current?.show(model, channel);
        return node.watchValues(model.instance, () => graph.current?.valuesChanged());
    }, [model, channel]);

    useEffect(() => graph.current?.mark(selected), [selected]);

    useEffect(() => {
        if (!showsPre && !showsPost) return undefined;
        const own = spectra.current;
        own.clear();
        const { instance } = model;
        const stop = node.subscribeSpectrum(Spectra.points(instance, channel), interval, (event) => {
            if (own.hear(event, instance, channel, performance.now())) graph.current?.spectraChanged();
        });
        return () => {
            stop();
            own.clear();
            graph.current?.spectraChanged();
        };
    }, [model, channel, showsPre, showsPost, spectra]);

    return (
        <div
            ref={box}
            className="eq-graph"
            tabIndex={-1}
            role="group"
            aria-label={
                `Curve of channel ${channel + 1}. Each band is a slider: arrow keys move it, plus and minus change its Q, `
                + "Space turns it on or off, Delete removes it, S lets it be heard alone."
            }
        >
            <canvas ref={back} aria-hidden="true" />
            <canvas ref={front} aria-hidden="true" />
            <div ref={layer} className="eq-handles" />
            <div ref={readout} className="eq-readout" hidden />
        </div>
    );
}
