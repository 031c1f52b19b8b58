// Butterworth and Linkwitz-Riley filters as rows of bands.
import { useState } from "react";
import { Button } from "../controls/Button";
import { Dialog } from "../controls/Dialog";
import { notify } from "../frame/notices";
import { NumberField } from "../parameters/NumberField";
import { lawOf } from "../parameters/law";
import type { Quantity } from "../parameters/quantity";
import { useUnits } from "../parameters/settings";
import { cascade, ordersOf, slopeOf, type Family, type Shape } from "./cascade";
import type { EqModel } from "./model";
import { useUsedBands } from "./useEq";
import { bandCount } from "./bands";

const hertz: Quantity = { kind: "frequency", unit: "Hz" };

export function SteepDialog({ model, channel, onClose }: { model: EqModel; channel: number; onClose: () => void }): JSX.Element {
    const units = useUnits();
    const [family, setFamily] = useState<Family>("linkwitzRiley");
    const [shape, setShape] = useState<Shape>("highPass");
    const [order, setOrder] = useState(4);
    const [frequency, setFrequency] = useState(80);
    const used = useUsedBands(model, channel).length;
    const bands = cascade(family, shape, order, frequency);
    const fits = used + bands.length <= bandCount;
    const changeFamily = (next: Family): void => {
        setFamily(next);
        if (!ordersOf(next).includes(order)) setOrder(order + 1 > 8 ? 8 : order + 1);
    };
    const fill = (): void => {
        const added = bands.map((band) => ({ ...band, isEnabled: true }));
        const next = new Map(model.linked(channel).map((member) => [member, model.appended(member, added)]));
        for (const [member, wanted] of next) {
            if (wanted !== undefined) continue;
            notify("error", `Channel ${member + 1} has not enough free bands.`);
            return;
        }
        model.replaceAll(next as Map<number, typeof added>);
        onClose();
    };
    const foot = (
        <>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" disabled={!fits} onClick={fill}>Add {bands.length} band{bands.length === 1 ? "" : "s"}</Button>
        </>
    );
    return (
        <Dialog title="Steep filter" width={420} onClose={onClose} actions={foot}>
            <div className="eq-form">
                <label>
                    <span>Family</span>
                    <select data-autofocus value={family} onChange={(event) => changeFamily(event.target.value as Family)}>
                        <option value="butterworth">Butterworth</option>
                        <option value="linkwitzRiley">Linkwitz-Riley</option>
                    </select>
                </label>
                <label>
                    <span>Passes</span>
                    <select value={shape} onChange={(event) => setShape(event.target.value as Shape)}>
                        <option value="highPass">High frequencies (high pass)</option>
                        <option value="lowPass">Low frequencies (low pass)</option>
                    </select>
                </label>
                <label>
                    <span>Order</span>
                    <select value={order} onChange={(event) => setOrder(Number(event.target.value))}>
                        {ordersOf(family).map((one) => <option key={one} value={one}>{one} ({slopeOf(one)} dB/octave)</option>)}
                    </select>
                </label>
                <div className="eq-form-row">
                    <span>Frequency</span>
                    <NumberField
                        label="Frequency"
                        value={frequency}
                        quantity={hertz}
                        range={model.limits.frequency}
                        law={lawOf(hertz, model.limits.frequency)}
                        context={units}
                        onChange={setFrequency}
                        onDefault={() => setFrequency(80)}
                    />
                </div>
            </div>
            <p className="dim">
                {family === "butterworth" ? "\u22123 dB" : "\u22126 dB"} at the frequency.{" "}
                {fits
                    ? `Takes ${bands.length} of the ${bandCount - used} free bands.`
                    : `Needs ${bands.length} bands, but only ${bandCount - used} are free: remove some first.`}
            </p>
        </Dialog>
    );
}
