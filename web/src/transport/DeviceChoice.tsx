import { IconButton } from "../controls/Button";
import { ChannelField } from "./ChannelField";
import { readDevices, useDevices } from "./devices";
import { deviceText, devicesFor } from "./ends";

/** Chooses a sound card of a direction and its channels; an empty name is the default one. */
export function DeviceChoice({ direction, device, channels, onChange }: {
    direction: "input" | "output";
    device: string;
    channels: number[] | undefined;
    onChange: (device: string, channels?: number[]) => void;
}): JSX.Element {
    const { devices, isRead, isReading } = useDevices();
    const found = devicesFor(devices, direction);
    const present = found.find((each) => (device === "" ? each.isDefault : each.name === device));
    return (
        <div className="device-choice">
            <div className="row">
                <select
                    aria-label={`Sound card for ${direction}`} value={device} disabled={found.length === 0}
                    onChange={(event) => onChange(event.target.value)}
                >
                    <option value="">Default card</option>
                    {device !== "" && !present && <option value={device}>{device} (not there)</option>}
                    {found.map((each) => (
                        <option key={each.id} value={each.name}>{`${each.name} · ${deviceText(each)}`}</option>
                    ))}
                </select>
                <IconButton
                    label="Look for sound cards again" icon="redo" disabled={isReading}
                    onClick={() => void readDevices()}
                />
            </div>
            <p className="dim">
                {isRead && found.length === 0
                    ? `The node has no sound card for ${direction}. Plug one in and look again.`
                    : present ? `${present.hostApi}: ${deviceText(present)}` : ""}
            </p>
            <ChannelField
                key={device} direction={direction} channels={channels} disabled={found.length === 0}
                onChange={(wanted) => onChange(device, wanted)}
            />
        </div>
    );
}
