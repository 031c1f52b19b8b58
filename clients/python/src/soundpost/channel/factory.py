"""The channel that a caller or the environment asks for."""

from __future__ import annotations

import os
from typing import Mapping, Optional

from . import local_socket, shared_memory, stdio
from .channel import Channel
from .names import CHANNEL_VARIABLE, MODE_VARIABLE
from .shutdown import ShutdownState
from .thread import ThreadChannel

MODES = ("local_socket", "shared_memory", "thread", "stdio", "legacy")
DEFAULT_NAME = "soundpost"


def mode_of(mode: Optional[str], name: Optional[str], environ: Mapping[str, str]) -> str:
    """What `create_channel` will make. Raises ValueError for an unknown mode."""
    chosen = mode or environ.get(MODE_VARIABLE) or ("local_socket" if name else "thread")
    if chosen not in MODES:
        raise ValueError(f"{MODE_VARIABLE} is one of {', '.join(MODES)}, not {chosen!r}")
    return "stdio" if chosen == "legacy" else chosen


def create_channel(
    mode: Optional[str] = None,
    name: Optional[str] = None,
    environ: Mapping[str, str] = os.environ,
    *,
    shutdown: Optional[ShutdownState] = None,
) -> Channel:
    """Connects this program to whoever started it.

    What is not given stands in the environment: SOUNDPOST_IPC_CHANNEL is the name, SOUNDPOST_IPC_MODE one of
    `local_socket`, `shared_memory`, `thread` and `stdio` (also `legacy`). A name alone means its local socket; neither
    means a thread channel, a queue within this process. Raises ValueError if the mode is unknown or the name missing,
    and what the kind's own `connect` raises.
    """
    name = name or environ.get(CHANNEL_VARIABLE) or None
    chosen = mode_of(mode, name, environ)
    if chosen == "thread":
        return ThreadChannel(name or DEFAULT_NAME, shutdown=shutdown)
    if chosen == "stdio":
        return stdio.connect(name or "stdio", shutdown=shutdown)
    if name is None:
        raise ValueError(f"{chosen} needs a name, given or in {CHANNEL_VARIABLE}")
    if chosen == "shared_memory":
        return shared_memory.connect(name, shutdown=shutdown)
    return local_socket.connect(name, shutdown=shutdown)
