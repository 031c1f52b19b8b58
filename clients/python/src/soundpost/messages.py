"""The messages of the control API.

A request knows the class of its answer, so `await node.ask(GetParam(...))` is typed. Events are what a node sends by
itself; those that have no class here come as `Unknown`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Dict, Generic, List, Optional, Type, TypeVar, Union

Value = Union[bool, float, str]
"""A parameter's value: number, boolean or string."""


class Message:
    """Anything that travels as one JSON object with a `type`."""

    TYPE: ClassVar[str]


class Event(Message):
    """Something that a node sends without being asked."""


A = TypeVar("A", bound=Message)


class Request(Message, Generic[A]):
    """A message that asks for an answer of the class `ANSWER`."""

    ANSWER: ClassVar[Type[Message]]


# session


@dataclass(frozen=True)
class Pong(Message):
    TYPE = "pong"
    timestamp: int
    """Milliseconds since 1970 (UTC) on the node's clock."""


@dataclass(frozen=True)
class Ping(Request[Pong]):
    """Asks whether the node is there."""

    TYPE = "ping"
    ANSWER = Pong


@dataclass(frozen=True)
class Device:
    device: str
    connected: bool
    protocol: str
    target: str
    in_step: bool


@dataclass(frozen=True)
class DspStatus(Event):
    """The state of devices and simulation: answers GetStatus, and comes on connect and on every change."""

    TYPE = "dsp_status"
    connected: bool
    protocol: str
    target: str
    sample_rate: int
    channels: int
    sim_running: bool
    mode: str
    devices: List[Device]


@dataclass(frozen=True)
class GetStatus(Request[DspStatus]):
    TYPE = "get_status"
    ANSWER = DspStatus


@dataclass(frozen=True)
class ModeChanged(Event):
    TYPE = "mode_changed"
    mode: str


@dataclass(frozen=True)
class SetMode(Request[ModeChanged]):
    """Changes what the node is being used for: chain_builder, tuning, test_verify or legacy."""

    TYPE = "set_mode"
    ANSWER = ModeChanged
    mode: str


@dataclass(frozen=True)
class ErrorMessage(Event):
    """A message was refused that no request is known for, or messages come too fast."""

    TYPE = "error"
    code: str
    message: str
    field: Optional[str] = None


@dataclass(frozen=True)
class LogLine(Event):
    TYPE = "log_stream"
    level: str
    source: str
    message: str
    timestamp: int


@dataclass(frozen=True)
class Acknowledgement(Message):
    """Answers a request that needs no answer of its own."""

    TYPE = "ack"
    of: str
    success: bool


# parameters


@dataclass(frozen=True)
class SetParamAck(Message):
    TYPE = "set_param_ack"
    instance_id: str
    param_id: str
    """Canonical key such as `gainDb#0`."""
    success: bool
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class SetParam(Request[SetParamAck]):
    """Sets one parameter of one module."""

    TYPE = "set_param"
    ANSWER = SetParamAck
    instance_id: str
    param_id: str
    """Name with its indices: `gainDb#0`."""
    value: Value
    channel: Optional[int] = None
    dim_indices: Optional[List[int]] = None
    device: Optional[str] = None


@dataclass(frozen=True)
class GetParamAck(Message):
    TYPE = "get_param_ack"
    instance_id: str
    param_id: str
    success: bool
    value: Optional[str] = None
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class GetParam(Request[GetParamAck]):
    """Asks for the value in force of one parameter."""

    TYPE = "get_param"
    ANSWER = GetParamAck
    instance_id: str
    param_id: str
    channel: Optional[int] = None
    dim_indices: Optional[List[int]] = None


@dataclass(frozen=True)
class GetAllParamsAck(Message):
    TYPE = "get_all_params_ack"
    success: bool
    instance_id: Optional[str] = None
    params: Optional[Dict[str, str]] = None
    instances: Optional[Dict[str, Dict[str, str]]] = None
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class GetAllParams(Request[GetAllParamsAck]):
    """Asks for all values in force of one module, or of all."""

    TYPE = "get_all_params"
    ANSWER = GetAllParamsAck
    instance_id: Optional[str] = None


@dataclass(frozen=True)
class ModuleParams(Message):
    TYPE = "module_params"
    instance_id: str
    params: Dict[str, str]


@dataclass(frozen=True)
class GetModuleParams(Request[ModuleParams]):
    """Asks for the stored values of one module; what was never set is absent."""

    TYPE = "get_module_params"
    ANSWER = ModuleParams
    instance_id: str


@dataclass(frozen=True)
class ApplyParamsAck(Message):
    TYPE = "apply_params_ack"
    instance_id: str
    success: bool
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class ApplyParams(Request[ApplyParamsAck]):
    """Sets many parameters of one module: all of them, or none."""

    TYPE = "apply_params"
    ANSWER = ApplyParamsAck
    instance_id: str
    params: Dict[str, Value]


@dataclass(frozen=True)
class ParamUpdate(Event):
    """Another client changed a parameter."""

    TYPE = "param_update"
    instance_id: str
    param_id: str
    value: str


# chain


@dataclass(frozen=True)
class ReadLinkAck(Message):
    TYPE = "read_link_ack"
    success: bool
    link: Dict[str, Any]
    revision: Optional[int] = None


@dataclass(frozen=True)
class ReadLink(Request[ReadLinkAck]):
    """Asks for the stored chain."""

    TYPE = "read_link"
    ANSWER = ReadLinkAck


@dataclass(frozen=True)
class ChainFault:
    code: str
    path: str
    message: str


@dataclass(frozen=True)
class WriteLinkAck(Message):
    TYPE = "write_link_ack"
    success: bool
    transition: Optional[str] = None
    revision: Optional[int] = None
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None
    faults: Optional[List[ChainFault]] = None


@dataclass(frozen=True)
class WriteLink(Request[WriteLinkAck]):
    """Replaces the chain."""

    TYPE = "write_link"
    ANSWER = WriteLinkAck
    link: Dict[str, Any]
    values: Optional[Dict[str, Dict[str, Value]]] = None
    revision: Optional[int] = None
    device: Optional[str] = None


@dataclass(frozen=True)
class LinkUpdated(Event):
    """Another client replaced the chain."""

    TYPE = "link_updated"
    origin: str


@dataclass(frozen=True)
class DspChain(Message):
    TYPE = "dsp_chain"
    chain: Dict[str, Any]


@dataclass(frozen=True)
class GetDspChain(Request[DspChain]):
    """Asks for the stored chain, sub-graphs included; no device is asked."""

    TYPE = "get_dsp_chain"
    ANSWER = DspChain


@dataclass(frozen=True)
class ModulePort:
    id: str
    direction: str
    channels: int
    """-1: inherited along the wires; 0: any number, stated by the chain."""
    required: bool


@dataclass(frozen=True)
class ModuleParam:
    name: str
    param_type_id: int
    data_type: str
    dims: List[str]
    """A letter a dimension: c channel, b band, k split, o output, i input."""
    min_value: float
    max_value: float
    default_value: Value
    unit: str
    role: str
    """tunable or system."""
    change: str
    """ramped or switched."""
    max_is_of_rate: Optional[bool] = None
    """max_value is a share of the sample rate."""
    values: Optional[List[str]] = None
    """Names of an enum's values."""


@dataclass(frozen=True)
class ModuleType:
    module_type: str
    type_id: str
    instance_name: str
    ports: List[ModulePort]
    params: List[ModuleParam]


@dataclass(frozen=True)
class ModuleLibrary(Message):
    TYPE = "module_library"
    modules: List[ModuleType]


@dataclass(frozen=True)
class GetModuleLibrary(Request[ModuleLibrary]):
    """Asks for all module types that a chain may use."""

    TYPE = "get_module_library"
    ANSWER = ModuleLibrary


# engine and debugging


@dataclass(frozen=True)
class SimStatus(Event):
    TYPE = "sim_status"
    running: bool
    status: str


@dataclass(frozen=True)
class Source:
    """Where the signal comes from."""

    type: str
    """soundcard, file, generator or silence."""
    device_name: Optional[str] = None
    """Of a sound card; None for the default card."""
    channels: Optional[List[int]] = None
    """Of a sound card: its channel, from 1, that each of the chain's inputs hears; 0 is none. None: in order."""
    path: Optional[str] = None
    """Of a file: its name as in AudioFileList, or the path the node was configured with."""
    loop: Optional[bool] = None
    """Whether a file starts again at its end. Without it, yes."""


@dataclass(frozen=True)
class Sink:
    """Where the signal goes."""

    type: str
    """soundcard, file, none or browser."""
    device_name: Optional[str] = None
    channels: Optional[List[int]] = None
    """Of a sound card: its channel, from 1, that each of the chain's outputs goes to; 0 is none. None: in order."""
    path: Optional[str] = None


@dataclass(frozen=True)
class SimStart(Request[SimStatus]):
    """Starts the simulation, or restarts it with other ends; what is None is as the node was configured."""

    TYPE = "sim_start"
    ANSWER = SimStatus
    input: Optional[Source] = None
    output: Optional[Sink] = None


@dataclass(frozen=True)
class SimStop(Request[SimStatus]):
    TYPE = "sim_stop"
    ANSWER = SimStatus


@dataclass(frozen=True)
class AudioEngineStarted(Event):
    TYPE = "audio_engine_started"
    device_name: str
    """What it plays to: a card's name, a file's name, or none."""


@dataclass(frozen=True)
class StartAudioEngine(Request[AudioEngineStarted]):
    """Starts the simulation with the devices chosen last."""

    TYPE = "start_audio_engine"
    ANSWER = AudioEngineStarted
    sample_rate: Optional[int] = None
    """Hz. The chain decides the rate; another one here is refused."""


@dataclass(frozen=True)
class AudioEngineStopped(Event):
    TYPE = "audio_engine_stopped"


@dataclass(frozen=True)
class StopAudioEngine(Request[AudioEngineStopped]):
    TYPE = "stop_audio_engine"
    ANSWER = AudioEngineStopped


@dataclass(frozen=True)
class AudioDevice:
    """One direction of a sound card."""

    index: int
    id: str
    """What SetAudioDevice takes."""
    name: str
    """What Source and Sink take as device_name."""
    direction: str
    """input or output."""
    host_api: str
    sample_rate: int
    sample_rates: List[int]
    channels: int
    is_default: bool


@dataclass(frozen=True)
class AudioDeviceList(Message):
    TYPE = "audio_device_list"
    devices: List[AudioDevice]


@dataclass(frozen=True)
class ListAudioDevices(Request[AudioDeviceList]):
    TYPE = "list_audio_devices"
    ANSWER = AudioDeviceList


@dataclass(frozen=True)
class AudioDeviceAck(Message):
    TYPE = "audio_device_ack"
    success: bool
    device_name: str
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class SetAudioDevice(Request[AudioDeviceAck]):
    """Chooses the card to play to or to listen to. A running engine goes over to it, a stopped one starts with it.

    The channels of another card than before are in order.
    """

    TYPE = "set_audio_device"
    ANSWER = AudioDeviceAck
    device_id: str
    """An id of AudioDeviceList, or the name of an output; empty for the default output."""


@dataclass(frozen=True)
class ThreadAssignments(Event):
    """Which simulated core runs which module: answers GetThreadAssignments, and comes when the chain was replaced."""

    TYPE = "thread_assignments"
    cores: int
    assignments: Dict[str, int]


@dataclass(frozen=True)
class GetThreadAssignments(Request[ThreadAssignments]):
    TYPE = "get_thread_assignments"
    ANSWER = ThreadAssignments


@dataclass(frozen=True)
class BlockTime:
    p50: float
    p99: float
    p999: float
    max: float


@dataclass(frozen=True)
class ModuleMetrics:
    output_rms_db: List[float]
    output_peak_db: List[float]
    latency_samples: int
    process_time_us: Optional[float] = None


@dataclass(frozen=True)
class DebugMetrics(Event):
    """Load and levels of the running simulation."""

    TYPE = "debug_metrics"
    timestamp: int
    cpu_load: float
    dropped_frames: int
    block_time_us: BlockTime
    core_loads: List[float]
    input_rms_db: List[float]
    input_peak_db: List[float]
    output_rms_db: List[float]
    output_peak_db: List[float]
    modules: Dict[str, ModuleMetrics]


@dataclass(frozen=True)
class DebugSubscribe(Request[Acknowledgement]):
    """Asks for DebugMetrics at an interval, until DebugUnsubscribe or the end of the connection."""

    TYPE = "debug_subscribe"
    ANSWER = Acknowledgement
    interval_ms: Optional[int] = None
    modules: Optional[List[str]] = None


@dataclass(frozen=True)
class DebugUnsubscribe(Request[Acknowledgement]):
    TYPE = "debug_unsubscribe"
    ANSWER = Acknowledgement


@dataclass(frozen=True)
class AudioEngineStatus(Event):
    TYPE = "audio_engine_status"
    cpu_percent: float
    memory_mb: float = field(metadata={"wire": "memoryMB"})
    is_running: bool
    device_name: str
    sample_rate: int
    frame_size: int
    input_channels: int
    output_channels: int
    cores: int
    cpu_load: float
    loaded_modules: List[str]
    latency_samples: int
    device_latency_samples: int
    clipped_samples: int
    dropped_frames: int
    failure: Optional[str] = None


@dataclass(frozen=True)
class GetAudioEngineStatus(Request[AudioEngineStatus]):
    TYPE = "get_audio_engine_status"
    ANSWER = AudioEngineStatus


# transport and audio files


@dataclass(frozen=True)
class TransportStatus(Event):
    """What plays, where to, and where the source is; milliseconds from the source's start."""

    TYPE = "transport_status"
    input: Source
    output: Sink
    running: bool
    pausable: bool
    seekable: bool
    playing: bool
    loop: bool
    position_ms: float
    """At `timestamp`."""
    duration_ms: float
    """0 for a source without end."""
    ended: bool
    timestamp: int
    """Milliseconds since 1970 (UTC)."""


@dataclass(frozen=True)
class GetTransport(Request[TransportStatus]):
    TYPE = "get_transport"
    ANSWER = TransportStatus


@dataclass(frozen=True)
class SetTransport(Request[TransportStatus]):
    """Plays on, pauses, goes to a place of the source, or says what happens at its end; what is None stays."""

    TYPE = "set_transport"
    ANSWER = TransportStatus
    playing: Optional[bool] = None
    position_ms: Optional[float] = None
    loop: Optional[bool] = None


@dataclass(frozen=True)
class AudioFile:
    name: str
    """What Source takes as path."""
    duration_ms: float
    """0 when the file does not say it."""
    sample_rate: int
    channels: int
    bytes: int
    kept: bool
    """The node keeps it and can delete it."""


@dataclass(frozen=True)
class AudioFileList(Event):
    """The audio files that the node can play: answers ListAudioFiles, and comes when one came or went."""

    TYPE = "audio_file_list"
    files: List[AudioFile]


@dataclass(frozen=True)
class ListAudioFiles(Request[AudioFileList]):
    TYPE = "list_audio_files"
    ANSWER = AudioFileList


@dataclass(frozen=True)
class DeleteAudioFile(Request[Acknowledgement]):
    """Removes an audio file for good. The one that plays, or is being written, cannot be removed."""

    TYPE = "delete_audio_file"
    ANSWER = Acknowledgement
    name: str


# spectra


@dataclass(frozen=True)
class Wire:
    """A port of a module; the instance `$io` is the chain itself."""

    instance_id: str
    port: str
    """input or output."""
    channel: Optional[int] = None
    """None for the mean power of all channels."""


@dataclass(frozen=True)
class WireSpectrum:
    """`db[i]` belongs to the frequency min_hz·(max_hz/min_hz)^(i/(n−1)).

    An empty `db`: the chain does not have the wire, or nothing plays.
    """

    instance_id: str
    port: str
    db: List[float]
    channel: Optional[int] = None


@dataclass(frozen=True)
class Spectrum(Event):
    TYPE = "spectrum"
    timestamp: int
    min_hz: float
    max_hz: float
    points: List[WireSpectrum]
    """In the order of the request."""


@dataclass(frozen=True)
class SpectrumSubscribe(Request[Acknowledgement]):
    """Asks for spectra of at most 16 wires at an interval (33 to 1000 ms); replaces what was asked for before."""

    TYPE = "spectrum_subscribe"
    ANSWER = Acknowledgement
    points: List[Wire]
    interval_ms: Optional[int] = None
    size: Optional[int] = None
    """Samples of a spectrum, a power of two, 1024 to 32768."""


@dataclass(frozen=True)
class SpectrumUnsubscribe(Request[Acknowledgement]):
    TYPE = "spectrum_unsubscribe"
    ANSWER = Acknowledgement


@dataclass(frozen=True)
class TapOpened(Message):
    """Connect to `tap` with `soundpost.channel.shared_memory.connect` within 30 seconds."""

    TYPE = "tap_opened"
    tap: str
    instance_id: str
    port: str


@dataclass(frozen=True)
class OpenTap(Request[TapOpened]):
    """Lets a program on the node's machine read every sample of a wire (docs/protocols/audio-tap.md)."""

    TYPE = "open_tap"
    ANSWER = TapOpened
    instance_id: str
    """`$io` stands for the chain's own ends."""
    port: Optional[str] = None
    """`input` or `output`, which is the default."""


@dataclass(frozen=True)
class CloseTap(Request[Acknowledgement]):
    TYPE = "close_tap"
    ANSWER = Acknowledgement
    tap: str


# extensions


@dataclass(frozen=True)
class ExtensionState:
    id: str
    name: str
    state: str
    """starting, ready, restarting, failed or stopped."""
    handlers: List[str]
    restarts: int
    version: Optional[str] = None
    description: Optional[str] = None
    message: Optional[str] = None
    """Why it ended last."""
    droppedEvents: Optional[int] = None
    """Events of its that were not handed on to clients; None: none."""
    panel: Optional[str] = None


@dataclass(frozen=True)
class ExtensionList(Event):
    TYPE = "extension_list"
    extensions: List[ExtensionState]


@dataclass(frozen=True)
class ListExtensions(Request[ExtensionList]):
    TYPE = "list_extensions"
    ANSWER = ExtensionList


@dataclass(frozen=True)
class ExtensionResult(Message):
    TYPE = "extension_result"
    extension: str
    method: str
    success: bool
    data: Any = None
    error: Optional[str] = None
    code: Optional[str] = None


@dataclass(frozen=True)
class CallExtension(Request[ExtensionResult]):
    """Asks an extension. Raises NodeError when it says no."""

    TYPE = "call_extension"
    ANSWER = ExtensionResult
    extension: str
    method: str
    data: Any = None
    timeout_ms: Optional[int] = None
    """1 to 600000; 60000 if absent. The client's own time-out should be longer."""


@dataclass(frozen=True)
class RestartExtension(Request[Acknowledgement]):
    TYPE = "restart_extension"
    ANSWER = Acknowledgement
    extension: str


@dataclass(frozen=True)
class ExtensionEvent(Event):
    TYPE = "extension_event"
    extension: str
    event: str
    data: Any = None


# behind the chain


@dataclass(frozen=True)
class Audition:
    """A band that is heard alone: its centre in Hz, and its Q."""

    freq: float
    q: float


@dataclass(frozen=True)
class OutputStatus(Event):
    """What happens behind the chain; levels in dB."""

    TYPE = "output_status"
    level_db: float
    mute_mask: int
    muted: bool
    dimmed: bool
    dim_db: float
    panic: bool
    bypassed: bool
    matched: bool
    match_db: float
    on_card: bool
    audition: Optional[Audition] = None


@dataclass(frozen=True)
class GetOutput(Request[OutputStatus]):
    TYPE = "get_output"
    ANSWER = OutputStatus


@dataclass(frozen=True)
class SetOutput(Request[OutputStatus]):
    """Changes level, mutes, bypass or audition; what is None stays."""

    TYPE = "set_output"
    ANSWER = OutputStatus
    level_db: Optional[float] = None
    mute_mask: Optional[int] = None
    muted: Optional[bool] = None
    dimmed: Optional[bool] = None
    dim_db: Optional[float] = None
    panic: Optional[bool] = None
    bypassed: Optional[bool] = None
    matched: Optional[bool] = None
    audition: Optional[Audition] = None
    end_audition: Optional[bool] = None


@dataclass(frozen=True)
class CompareStatus(Event):
    """The comparison of the states a and b."""

    TYPE = "compare_status"
    active: str
    differences: int
    """Tunable values that the two do not share."""
    match_db: float
    """What makes the active state as loud as the other; never above 0."""


@dataclass(frozen=True)
class GetCompare(Request[CompareStatus]):
    TYPE = "get_compare"
    ANSWER = CompareStatus


@dataclass(frozen=True)
class CompareSelect(Request[CompareStatus]):
    """Goes over to one of the two states, in one change. What was in force is kept in the other."""

    TYPE = "compare_select"
    ANSWER = CompareStatus
    slot: str


@dataclass(frozen=True)
class CompareCopy(Request[CompareStatus]):
    """Makes the other state equal to this one."""

    TYPE = "compare_copy"
    ANSWER = CompareStatus
    from_: str


# history


@dataclass(frozen=True)
class HistoryEntry:
    id: int
    timestamp: int
    client: str
    kind: str
    title: str
    undone: bool


@dataclass(frozen=True)
class UndoAck(Message):
    TYPE = "undo_ack"
    success: bool
    entry: Optional[HistoryEntry] = None
    instance_id: Optional[str] = None
    params: Optional[Dict[str, str]] = None
    instances: Optional[Dict[str, Dict[str, str]]] = None
    link_changed: Optional[bool] = None
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class Undo(Request[UndoAck]):
    """Takes back the sender's newest change that is still in force."""

    TYPE = "undo"
    ANSWER = UndoAck


@dataclass(frozen=True)
class RedoAck(UndoAck):
    TYPE = "redo_ack"


@dataclass(frozen=True)
class Redo(Request[RedoAck]):
    TYPE = "redo"
    ANSWER = RedoAck


@dataclass(frozen=True)
class History(Message):
    TYPE = "history"
    entries: List[HistoryEntry]
    can_undo: bool
    can_redo: bool


@dataclass(frozen=True)
class GetHistory(Request[History]):
    TYPE = "get_history"
    ANSWER = History
    limit: Optional[int] = None
    before: Optional[int] = None


# presets


@dataclass(frozen=True)
class Preset:
    preset_id: str
    name: str
    params: Dict[str, str]


@dataclass(frozen=True)
class PresetList(Event):
    """The presets of one module: answers ListPresets, and comes when another client saved or deleted one."""

    TYPE = "preset_list"
    instance_id: str
    presets: List[Preset]
    loaded: Optional[str] = None
    changed: Optional[bool] = None


@dataclass(frozen=True)
class ListPresets(Request[PresetList]):
    TYPE = "list_presets"
    ANSWER = PresetList
    instance_id: str


@dataclass(frozen=True)
class PresetSaveAck(Message):
    TYPE = "preset_save_ack"
    instance_id: str
    preset_id: str
    success: bool
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class SavePreset(Request[PresetSaveAck]):
    """Stores values of one module under a name; on the node's disk when it is acknowledged."""

    TYPE = "save_preset"
    ANSWER = PresetSaveAck
    instance_id: str
    preset_id: str
    name: Optional[str] = None
    params: Optional[Dict[str, Value]] = None


@dataclass(frozen=True)
class PresetData(Message):
    TYPE = "preset_data"
    instance_id: str
    preset_id: str
    name: str
    params: Dict[str, str]


@dataclass(frozen=True)
class LoadPreset(Request[PresetData]):
    """Applies a preset: all of its values, or none."""

    TYPE = "load_preset"
    ANSWER = PresetData
    instance_id: str
    preset_id: str


@dataclass(frozen=True)
class PresetDeleteAck(Message):
    TYPE = "preset_delete_ack"
    instance_id: str
    preset_id: str
    success: bool
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class DeletePreset(Request[PresetDeleteAck]):
    TYPE = "delete_preset"
    ANSWER = PresetDeleteAck
    instance_id: str
    preset_id: str


@dataclass(frozen=True)
class PresetState(Event):
    """Which preset a module plays, and whether its values have been changed since."""

    TYPE = "preset_state"
    instance_id: str
    changed: bool
    preset_id: Optional[str] = None


@dataclass(frozen=True)
class PresetDifference:
    param_id: str
    value: Optional[str] = None
    """In the preset; None when it has none."""
    other: Optional[str] = None
    """In the other preset or in force."""


@dataclass(frozen=True)
class PresetDiff(Message):
    TYPE = "preset_diff"
    instance_id: str
    preset_id: str
    differences: List[PresetDifference]
    other_id: Optional[str] = None


@dataclass(frozen=True)
class DiffPresets(Request[PresetDiff]):
    """Asks how a preset differs from another one, or, without one, from the values in force."""

    TYPE = "diff_presets"
    ANSWER = PresetDiff
    instance_id: str
    preset_id: str
    other_id: Optional[str] = None


@dataclass(frozen=True)
class MorphPresetsAck(Message):
    TYPE = "morph_presets_ack"
    instance_id: str
    position: float
    success: bool
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class MorphPresets(Request[MorphPresetsAck]):
    """Goes to a place between two presets of one module: 0 is the first, 1 the second."""

    TYPE = "morph_presets"
    ANSWER = MorphPresetsAck
    instance_id: str
    from_id: str
    to_id: str
    position: float


# profiles


@dataclass(frozen=True)
class Profile:
    """One preset for each of some modules, under a name."""

    profile_id: str
    name: str
    module_presets: Dict[str, str]


@dataclass(frozen=True)
class ProfileList(Event):
    """All profiles: answers ListProfiles, and comes when another client saved or deleted one."""

    TYPE = "profile_list"
    profiles: List[Profile]


@dataclass(frozen=True)
class ListProfiles(Request[ProfileList]):
    TYPE = "list_profiles"
    ANSWER = ProfileList


@dataclass(frozen=True)
class ProfileSaveAck(Message):
    TYPE = "profile_save_ack"
    profile_id: str
    success: bool
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class SaveProfile(Request[ProfileSaveAck]):
    """Stores which preset each of some modules plays; each preset must exist."""

    TYPE = "save_profile"
    ANSWER = ProfileSaveAck
    profile_id: str
    module_presets: Dict[str, str]
    name: Optional[str] = None


@dataclass(frozen=True)
class ProfileData(Message):
    TYPE = "profile_data"
    profile_id: str
    name: str
    module_presets: Dict[str, str]
    absent: Optional[List[str]] = None
    """Modules of the profile that the chain lacks; their presets were not applied."""


@dataclass(frozen=True)
class LoadProfile(Request[ProfileData]):
    """Applies the presets of a profile: all of their values, or none."""

    TYPE = "load_profile"
    ANSWER = ProfileData
    profile_id: str


@dataclass(frozen=True)
class ProfileDeleteAck(Message):
    TYPE = "profile_delete_ack"
    profile_id: str
    success: bool
    error: Optional[str] = None
    code: Optional[str] = None
    field: Optional[str] = None


@dataclass(frozen=True)
class DeleteProfile(Request[ProfileDeleteAck]):
    """Removes a profile for good. Its presets stay."""

    TYPE = "delete_profile"
    ANSWER = ProfileDeleteAck
    profile_id: str


# what is no message of the wire


@dataclass(frozen=True)
class Unknown(Event):
    """An event without a class of its own, as it came."""

    type: str
    json: Dict[str, Any]


@dataclass(frozen=True)
class Missed(Event):
    """The reader was so slow that this many state changes before the next event were dropped. Read the state again."""

    count: int


def _all_kinds(base: Type[Message]) -> List[Type[Message]]:
    kinds: List[Type[Message]] = []
    for kind in base.__subclasses__():
        kinds += [kind, *_all_kinds(kind)]
    return kinds


MESSAGES: Dict[str, Type[Message]] = {kind.TYPE: kind for kind in _all_kinds(Message) if "TYPE" in vars(kind)}
"""Every class by its wire name."""

EVENTS: Dict[str, Type[Message]] = {name: kind for name, kind in MESSAGES.items() if issubclass(kind, Event)}
"""The classes of events by their wire names."""

METERS = (DebugMetrics, LogLine, AudioEngineStatus, Spectrum)
"""Events whose next one makes up for a lost one."""

__all__ = [
    "EVENTS",
    "MESSAGES",
    "METERS",
    "AudioDevice",
    "AudioFile",
    "BlockTime",
    "ChainFault",
    "Device",
    "Event",
    "ExtensionState",
    "HistoryEntry",
    "Message",
    "Missed",
    "ModuleMetrics",
    "ModuleParam",
    "ModulePort",
    "ModuleType",
    "Preset",
    "PresetDifference",
    "Profile",
    "Request",
    "Sink",
    "Source",
    "Unknown",
    "Value",
    "Wire",
    "WireSpectrum",
    *sorted(kind.__name__ for kind in MESSAGES.values()),
]
