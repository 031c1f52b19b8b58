"""Channels over two descriptors, and over stdin and stdout of this process."""

from __future__ import annotations

import os
from typing import Optional

from .channel import Channel
from .errors import naming
from .line import CAPACITY
from .shutdown import ShutdownState
from .stream import PipeLink

KIND = "stdio"


class StdioChannel(Channel):
    """Lines of JSON over a descriptor to read from and one to write to, such as the pipes of a child process:

        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        channel = StdioChannel(child.stdout.fileno(), child.stdin.fileno(), name="child")
        child.stdout.close(), child.stdin.close()

    The descriptors are duplicated; close yours, or the other end will not see the end of this channel.
    """

    def __init__(
        self,
        read_descriptor: int,
        write_descriptor: int,
        *,
        name: str = "stdio",
        shutdown: Optional[ShutdownState] = None,
        capacity: int = CAPACITY,
    ) -> None:
        with naming(name, "taking the descriptors"):
            own_read = os.dup(read_descriptor)
            try:
                own_write = os.dup(write_descriptor)
            except OSError:
                os.close(own_read)
                raise
        super().__init__(PipeLink(name, KIND, own_read, own_write), shutdown=shutdown, capacity=capacity)


def connect(
    name: str = "stdio",
    *,
    shutdown: Optional[ShutdownState] = None,
    capacity: int = CAPACITY,
) -> StdioChannel:
    """The channel over this process's own stdin and stdout, which are the channel's from now on.

    Whatever else the program or a library in C prints goes to stderr, and its stdin is empty: nothing can get between
    the messages. Call it once and early.
    """
    channel = StdioChannel(0, 1, name=name, shutdown=shutdown, capacity=capacity)
    with naming(name, "replacing stdin and stdout"):
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            os.dup2(nothing, 0)
            try:
                os.dup2(2, 1)
            except OSError:
                os.dup2(nothing, 1)  # started without stderr
        finally:
            if nothing > 2:
                os.close(nothing)
    return channel
