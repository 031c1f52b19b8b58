// How components watch an equaliser without drawing at every value of it.
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { node, useNode } from "../node/store";
import { channelLink } from "../parameters/linkState";
import { bandKeys, eqModuleType, isUntouched, limitsFrom, readBand, type Band } from "./bands";
import { EqModel } from "./model";

/** The model of an instance (flattened id), the same object while nothing but values changes. */
export function useEqModel(instance: string): EqModel {
    const sampleRate = useNode((state) => state.link?.global.sampleRate ?? 48000);
    const schema = useNode((state) => state.library[eqModuleType]?.params);
    return useMemo(
        () => new EqModel(node, instance, sampleRate, limitsFrom(schema ?? [], sampleRate), () => channelLink(instance)),
        [instance, sampleRate, schema],
    );
}

/** A text about the model, read at every change of a value; the component draws again when the text is another. */
function useText(model: EqModel, read: () => string): string {
    const subscribe = useCallback((listener: () => void) => node.watchValues(model.instance, listener), [model.instance]);
    return useSyncExternalStore(subscribe, read);
}

export function useChannelCount(model: EqModel): number {
    return Number(useText(model, () => String(model.channelCount)));
}

/** The numbers (from 0) of the bands in use. */
export function useUsedBands(model: EqModel, channel: number): number[] {
    const text = useText(model, () =>
        model.bands(channel).map((band, i) => (isUntouched(band) ? "" : String(i))).filter((i) => i !== "").join(","),
    );
    return useMemo(() => (text === "" ? [] : text.split(",").map(Number)), [text]);
}

/** One band; draws again when it changes. */
export function useBand(model: EqModel, channel: number, band: number): Band {
    const fields = Object.values(bandKeys);
    const text = useText(model, () =>
        fields.map((field) => node.value(model.instance, `${field}#${channel}#${band}`) ?? "").join("\n"),
    );
    return useMemo(() => {
        const values = text.split("\n");
        return readBand((key) => values[fields.indexOf(key.split("#")[0] as (typeof fields)[number])], channel, band);
    }, [text, channel, band]);
}
