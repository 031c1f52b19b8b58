"""Channels between a program and its helpers on one machine: local socket, shared memory, stdio and threads.

    from soundpost.channel import create_channel

    with create_channel() as channel:                    # what SOUNDPOST_IPC_CHANNEL and SOUNDPOST_IPC_MODE say
        channel.handle("double", lambda data: 2 * data)
        channel.ready(["double"])
        channel.run()

Every kind has the methods of `Channel` and carries the messages of docs/protocols/channel.md.
"""

from . import local_socket, shared_memory, stdio
from .channel import Channel
from .errors import (
    BAD_DATA,
    HANDLER_FAILED,
    HELPER_ENDS,
    UNKNOWN_METHOD,
    ChannelError,
    ChannelIOError,
    ChannelTimeout,
    Disconnected,
    ReceiveFailed,
    RequestError,
    SendFailed,
    SerializationError,
    ShuttingDown,
)
from .factory import create_channel
from .local_socket import LocalSocketChannel, LocalSocketServer
from .message import ErrorDetail, Message
from .metrics import ChannelMetrics
from .ring import RingReader, RingWriter
from .shared_memory import SharedMemoryChannel, SharedMemoryServer
from .shutdown import ShutdownState
from .stdio import StdioChannel
from .thread import ThreadChannel, pair
from .waking import AsyncioWaker, DescriptorWaker, Waker

__all__ = [
    "AsyncioWaker",
    "BAD_DATA",
    "Channel",
    "ChannelError",
    "ChannelIOError",
    "ChannelMetrics",
    "ChannelTimeout",
    "DescriptorWaker",
    "Disconnected",
    "ErrorDetail",
    "HANDLER_FAILED",
    "HELPER_ENDS",
    "LocalSocketChannel",
    "LocalSocketServer",
    "Message",
    "ReceiveFailed",
    "RequestError",
    "RingReader",
    "RingWriter",
    "SendFailed",
    "SerializationError",
    "SharedMemoryChannel",
    "SharedMemoryServer",
    "ShutdownState",
    "ShuttingDown",
    "StdioChannel",
    "ThreadChannel",
    "UNKNOWN_METHOD",
    "Waker",
    "create_channel",
    "local_socket",
    "pair",
    "shared_memory",
    "stdio",
]
