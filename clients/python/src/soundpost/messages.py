"""The common messages of the control API. `Client.ask_raw` sends every other one.

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


# engine and debugging


@dataclass(frozen=True)
class SimStatus(Event):
    TYPE = "sim_status"
    running: bool
    status: str


@dataclass(frozen=True)
class SimStop(Request[SimStatus]):
    TYPE = "sim_stop"
    ANSWER = SimStatus


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

METERS = (DebugMetrics, LogLine, AudioEngineStatus)
"""Events whose next one makes up for a lost one."""

__all__ = [
    "EVENTS",
    "MESSAGES",
    "METERS",
    "BlockTime",
    "ChainFault",
    "Device",
    "Event",
    "HistoryEntry",
    "Message",
    "Missed",
    "ModuleMetrics",
    "Preset",
    "Request",
    "Unknown",
    "Value",
    *sorted(kind.__name__ for kind in MESSAGES.values()),
]
