"""Two connected ends of every kind of channel, for tests."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from typing import Any, Callable, Dict, Generic, Iterator, List, Optional, Tuple, TypeVar

from soundpost.channel import (
    Channel,
    LocalSocketServer,
    SharedMemoryServer,
    StdioChannel,
    local_socket,
    pair,
    shared_memory,
)

T = TypeVar("T")
GUARD = 60.0
"""Seconds after which something that should have happened is taken for a hang."""
RING = 65_536


class Task(Generic[T]):
    """A function in a thread of its own; `result` gives what it returned or raises what it raised."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._result: List[T] = []
        self._error: Optional[BaseException] = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result.append(self._function())
        except BaseException as error:
            self._error = error

    def result(self) -> T:
        self._thread.join(GUARD)
        if self._thread.is_alive():
            raise AssertionError("a thread hangs")
        if self._error is not None:
            raise self._error
        return self._result[0]


Ends = Tuple[Any, Any]


def sockets(directory: str, **options: Any) -> Ends:
    with LocalSocketServer("test", directory, **options) as server:
        client = local_socket.connect("test", directory, **options)
        return server.accept(GUARD), client


def memory(directory: str, ring_bytes: int = RING, codec: str = "json", **options: Any) -> Ends:
    with SharedMemoryServer("test", directory, ring_bytes=ring_bytes, codec=codec, **options) as server:
        client = Task(lambda: shared_memory.connect("test", directory, **options))
        return server.accept(GUARD), client.result()


def pipes(directory: str, **options: Any) -> Ends:
    there_read, there_write = os.pipe()
    back_read, back_write = os.pipe()
    a = StdioChannel(back_read, there_write, name="test", **options)
    b = StdioChannel(there_read, back_write, name="test", **options)
    for descriptor in (there_read, there_write, back_read, back_write):
        os.close(descriptor)
    return a, b


def threads(directory: str, **options: Any) -> Ends:
    return pair("test", **options)


KINDS: Dict[str, Callable[..., Ends]] = {
    "local_socket": sockets,
    "shared_memory": memory,
    "stdio": pipes,
    "thread": threads,
}


@contextlib.contextmanager
def connected(kind: str, **options: Any) -> Iterator[Ends]:
    """`with connected("stdio") as (a, b):` two ends that are closed afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        a, b = KINDS[kind](directory, **options)
        try:
            yield a, b
        finally:
            a.close()
            b.close()


def wait_until_blocked(channel: Channel) -> None:
    """Sends until no more fits. The deadline only has to be longer than another thread takes for a small message."""
    from soundpost.channel import ChannelTimeout

    payload = b'{"type":"data","data":"' + b"x" * 4000 + b'"}'
    while True:
        try:
            channel.send_encoded(payload, timeout=0.2)
        except ChannelTimeout:
            return
