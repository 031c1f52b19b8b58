// The bands of a channel as a table.
import { Button } from "../controls/Button";
import { BandRow } from "./BandRow";
import { bandCount } from "./bands";
import type { EqModel } from "./model";
import { useUsedBands } from "./useEq";

export interface BandTableProps {
    model: EqModel;
    channel: number;
    selected: number | undefined;
    onSelect: (band: number | undefined) => void;
    onAdd: () => void;
}

/** The bands in use; those that were never touched are not shown. */
export function BandTable({ model, channel, selected, onSelect, onAdd }: BandTableProps): JSX.Element {
    const used = useUsedBands(model, channel);
    return (
        <div className="eq-bands scroll">
            {used.length > 0 && (
                <table className="plain eq-table" aria-label={`Bands of channel ${channel + 1}`}>
                    <thead>
                        <tr>
                            <th scope="col">On</th>
                            <th scope="col">Type</th>
                            <th scope="col">Frequency</th>
                            <th scope="col">Gain</th>
                            <th scope="col">Q</th>
                            <th scope="col">Oct.</th>
                            <th><span className="hidden-text">Remove</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        {used.map((band) => (
                            <BandRow
                                key={`${channel} ${band}`}
                                model={model}
                                channel={channel}
                                band={band}
                                isSelected={band === selected}
                                onSelect={onSelect}
                            />
                        ))}
                    </tbody>
                </table>
            )}
            {used.length === 0 && (
                <p className="eq-hint dim">No bands yet: double-click the graph, add one here, or import filters.</p>
            )}
            <div className="eq-add">
                <Button kind="quiet" icon="add" disabled={used.length >= bandCount} onClick={onAdd}>Add band</Button>
                <span className="faint">{used.length} of {bandCount}</span>
                {selected !== undefined && used.includes(selected) && (
                    <span className="eq-remove">
                        <Button kind="quiet" icon="trash" onClick={() => model.remove(channel, selected)}>
                            Remove band {selected + 1}
                        </Button>
                    </span>
                )}
            </div>
        </div>
    );
}
