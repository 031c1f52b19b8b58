// Which component shows which pane.
import type { ComponentType } from "react";
import { EqPane } from "../eq/EqPane";
import { FlowPane } from "../flow/FlowPane";
import { MetersPane } from "../meters/MetersPane";
import { SpectrumPane } from "../meters/SpectrumPane";
import { ParametersPane } from "../parameters/ParametersPane";
import { ComparePane } from "../presets/ComparePane";
import { PresetsPane } from "../presets/PresetsPane";
import { TransportPane } from "../transport/TransportPane";
import type { PaneID } from "./layout";
import { HistoryPane } from "./history/HistoryPane";
import { LibraryPane } from "./library/LibraryPane";
import { LogPane } from "./log/LogPane";
import { NavigatorPane } from "./navigator/NavigatorPane";

export const CentrePane: ComponentType = FlowPane;
export const CompareBar: ComponentType = ComparePane;

/** The panes of the sides by id. */
export const paneComponents: Record<PaneID, ComponentType> = {
    flow: CentrePane,
    library: LibraryPane,
    navigator: NavigatorPane,
    parameters: ParametersPane,
    eq: EqPane,
    meters: MetersPane,
    spectrum: SpectrumPane,
    transport: TransportPane,
    presets: PresetsPane,
    history: HistoryPane,
    log: LogPane,
};
