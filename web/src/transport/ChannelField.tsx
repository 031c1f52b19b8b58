import { useId, useState } from "react";
import { channelsText, parseChannels } from "./channelMap";

const titles = {
    input: "The card's channels that the chain's inputs hear: 3-6, or 1, 0, 5 with 0 for silence; empty: in order",
    output: "The card's channels that the chain's outputs go to: 3-6, or 1, 0, 5 with 0 for nowhere; empty: in order",
};

/** Chooses which channels of a sound card the chain uses; undefined is all in order. */
export function ChannelField({ direction, channels, disabled, onChange }: {
    direction: "input" | "output";
    channels: number[] | undefined;
    disabled: boolean;
    onChange: (channels: number[] | undefined) => void;
}): JSX.Element {
    const [draft, setDraft] = useState<string | null>(null);
    const [fault, setFault] = useState<string | null>(null);
    const faultId = useId();
    const present = channelsText(channels);
    const edit = (text: string | null) => {
        setDraft(text);
        setFault(null);
    };
    const commit = () => {
        if (draft === null) return;
        const parsed = parseChannels(draft, direction);
        if (!parsed.ok) {
            setFault(parsed.reason);
            return;
        }
        edit(null);
        // The same list would only interrupt the sound.
        if (channelsText(parsed.channels) !== present) onChange(parsed.channels);
    };
    return (
        <>
            <label className="field">
                Channels
                <input
                    type="text" aria-label={`Channels for ${direction}`} autoComplete="off" spellCheck={false}
                    placeholder="in order" title={titles[direction]} disabled={disabled} value={draft ?? present}
                    aria-invalid={fault !== null} aria-describedby={fault !== null ? faultId : undefined}
                    onChange={(event) => edit(event.target.value)}
                    onBlur={commit}
                    onKeyDown={(event) => {
                        if (event.key === "Enter") commit();
                        if (event.key !== "Escape" || draft === null) return;
                        event.preventDefault();
                        edit(null);
                    }}
                />
            </label>
            {fault !== null && <p id={faultId} className="fault" role="alert">{fault}</p>}
        </>
    );
}
