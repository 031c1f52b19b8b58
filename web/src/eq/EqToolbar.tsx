// What stands above the graph: channels, links, what is shown, and what can be done with all bands.
import { useState, type MutableRefObject, type ReactNode } from "react";
import { Button } from "../controls/Button";
import { MenuButton, type MenuItem } from "../controls/Menu";
import { Toggle } from "../controls/Toggle";
import { choose, setLinkMode, toggleChosen, useChannelLink } from "../parameters/linkState";
import type { EqModel } from "./model";
import { changeSettings, rangeChoices, smoothingChoices, useEqSettings } from "./settings";
import type { Spectra } from "./spectra";

export interface ChannelBarProps {
    model: EqModel;
    channel: number;
    channels: number;
    onChannel: (channel: number) => void;
    actions: MenuItem[];
    onAdd: () => void;
    /** further buttons */
    children?: ReactNode;
}

/** Above this many channels a list takes the place of buttons. */
const mostButtons = 6;

export function ChannelBar({ model, channel, channels, onChannel, actions, onAdd, children }: ChannelBarProps): JSX.Element {
    const link = useChannelLink(model.instance);
    const numbers = Array.from({ length: channels }, (_, index) => index);
    const isLinked = (index: number): boolean =>
        link.mode !== "off" && index !== channel && model.linked(channel).includes(index);
    const modes: MenuItem[] = ([
        ["off", "Not linked"], ["absolute", "Linked: all the same"], ["relative", "Linked: differences kept"],
    ] as const).map(([mode, title]) => ({
        title, checked: link.mode === mode, run: () => setLinkMode(model.instance, mode),
    }));
    const members: MenuItem[] = channels < 2 ? [] : [
        {
            title: "All channels", separated: true, checked: link.chosen.length === 0,
            run: () => choose(model.instance, []),
        },
        ...numbers.map((index) => ({
            title: `Channel ${index + 1}`,
            checked: link.chosen.includes(index),
            run: () => toggleChosen(model.instance, index),
        })),
    ];
    return (
        <div className="toolbar">
            {channels <= mostButtons ? (
                <div className="eq-channels" role="radiogroup" aria-label="Channel">
                    {numbers.map((index) => (
                        <button
                            key={index}
                            type="button"
                            role="radio"
                            aria-checked={index === channel}
                            aria-label={`Channel ${index + 1}${isLinked(index) ? ", linked" : ""}`}
                            className={isLinked(index) ? "button linked" : "button"}
                            tabIndex={index === channel ? 0 : -1}
                            onClick={() => onChannel(index)}
                            onKeyDown={(event) => {
                                const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
                                if (step === undefined) return;
                                event.preventDefault();
                                const next = (index + step + channels) % channels;
                                onChannel(next);
                                const row = event.currentTarget.parentElement;
                                (row?.children[next] as HTMLElement | undefined)?.focus();
                            }}
                        >
                            {index + 1}
                        </button>
                    ))}
                </div>
            ) : (
                <label className="field">
                    <span className="dim">Channel</span>
                    <select value={channel} onChange={(event) => onChannel(Number(event.target.value))}>
                        {numbers.map((index) => <option key={index} value={index}>{index + 1}</option>)}
                    </select>
                </label>
            )}
            {channels > 1 && (
                <MenuButton
                    label="Link channels"
                    className={link.mode === "off" ? "button" : "button eq-on"}
                    items={[...modes, ...members]}
                >
                    {link.mode === "off" ? "Link" : link.mode === "absolute" ? "Linked" : "Linked ±"}
                </MenuButton>
            )}
            <span className="stretch" />
            <Button icon="add" onClick={onAdd}>Band</Button>
            {children}
            <MenuButton label="Filters" title="Import, export, steep filters, copy, paste, sort, reset" items={actions}>
                Filters
            </MenuButton>
        </div>
    );
}

/** What the graph shows and how. */
export function ViewBar({ spectra }: { spectra: MutableRefObject<Spectra> }): JSX.Element {
    const settings = useEqSettings();
    const [isFrozen, setFrozen] = useState(false);
    const choice = (title: string, key: "showsBands" | "showsOthers" | "showsPre" | "showsPost"): MenuItem => ({
        title, checked: settings[key], run: () => changeSettings({ [key]: !settings[key] }),
    });
    const curves: MenuItem[] = [
        choice("Curve of each band", "showsBands"),
        choice("Other channels", "showsOthers"),
        ...(["phase", "delay"] as const).map((kind, i) => ({
            title: kind === "phase" ? "Phase" : "Group delay",
            separated: i === 0,
            checked: settings.second === kind,
            run: () => changeSettings({ second: settings.second === kind ? "none" : kind }),
        })),
    ];
    const signals: MenuItem[] = [
        choice("Before the equaliser", "showsPre"),
        choice("Behind it", "showsPost"),
        ...smoothingChoices.map((octaves, i) => ({
            title: octaves === 0 ? "Not smoothed" : `Smoothed to ${fraction(octaves)} octave`,
            separated: i === 0,
            checked: settings.smoothing === octaves,
            run: () => changeSettings({ smoothing: octaves }),
        })),
        {
            title: "Hold peaks", separated: true, checked: settings.holdsPeaks, run: () => {
                spectra.current.clearPeaks();
                changeSettings({ holdsPeaks: !settings.holdsPeaks });
            },
        },
        { title: "Begin peaks again", disabled: !settings.holdsPeaks, run: () => spectra.current.clearPeaks() },
    ];
    const freeze = (on: boolean): void => {
        spectra.current.isFrozen = on;
        setFrozen(on);
    };
    const hasSpectra = settings.showsPre || settings.showsPost;
    return (
        <div className="toolbar eq-view">
            <select
                aria-label="Vertical range"
                title="Vertical range"
                value={settings.range}
                onChange={(event) => {
                    const range = rangeChoices.find((choice) => choice === Number(event.target.value));
                    if (range !== undefined) changeSettings({ range });
                }}
            >
                {rangeChoices.map((range) => <option key={range} value={range}>±{range} dB</option>)}
            </select>
            <MenuButton label="Curves" items={curves}>Curves</MenuButton>
            <MenuButton label="Spectrum behind the curve" items={signals}>Spectrum</MenuButton>
            <Toggle pressed={isFrozen} disabled={!hasSpectra} title="Let the spectra stand still" onChange={freeze}>Freeze</Toggle>
            <Toggle
                pressed={settings.solo}
                tone="warn"
                title="Hear only what a band acts upon while it is dragged (also: drag with Alt, or hold S)"
                onChange={(solo) => changeSettings({ solo })}
            >
                Solo
            </Toggle>
        </div>
    );
}

function fraction(octaves: number): string {
    return octaves === 1 ? "1" : `1/${Math.round(1 / octaves)}`;
}
