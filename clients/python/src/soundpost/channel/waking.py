"""Wakers: how a channel tells an event loop that is not ours that something was sent or came.

    waker = DescriptorWaker()
    channel.wake_on_arrival(waker)
    # select, poll, asyncio's add_reader or Qt's QSocketNotifier wait for waker.descriptor; when it is readable:
    waker.reset()
    while (message := channel.try_receive()) is not None:
        ...

In a task of asyncio an `AsyncioWaker` does the same.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from typing import Protocol, Sequence

from .errors import naming
from .link import Closable

log = logging.getLogger("soundpost.channel")


class Waker(Protocol):
    """Wakes an event loop."""

    def wake(self) -> None:
        """Called from any thread, without a lock of the channel. Must not wait. It may come several times for one
        message or once for several."""


def wake_all(wakers: Sequence[Waker]) -> None:
    """Wakes each; what one raises is logged and keeps nothing from the others."""
    for waker in wakers:
        try:
            waker.wake()
        except Exception:
            log.exception("a waker failed")


class DescriptorWaker(Closable):
    """A descriptor that becomes readable: what select, Qt's, glib's and libuv's loops wait for.

    When it is readable, call `reset` first, then take messages with `try_receive` until there are none. All methods
    from any thread. Raises ChannelIOError when the process has no descriptors left.
    """

    def __init__(self) -> None:
        with naming("waker", "making a pipe"):
            self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._lock = threading.Lock()
        self._is_set = False
        self._is_closed = False

    @property
    def descriptor(self) -> int:
        """Only to wait for: `reset` reads it."""
        return self._reader

    def fileno(self) -> int:
        """The descriptor, so that select and selectors take the waker itself."""
        return self._reader

    def wake(self) -> None:
        """Makes the descriptor readable. Wakes in a row before a `reset` are one; after `close` it does nothing."""
        with self._lock:
            if not self._is_set and not self._is_closed:
                self._is_set = True
                os.write(self._writer, b"\0")

    def reset(self) -> None:
        """Makes the descriptor unreadable until the next `wake`."""
        with self._lock:
            if self._is_set and not self._is_closed:
                self._is_set = False
                os.read(self._reader, 1)

    def close(self) -> None:
        """Closes the descriptor; take it out of the loop before."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                os.close(self._reader)
                os.close(self._writer)


class AsyncioWaker:
    """Wakes a task: an asynchronous iterator with an element for what came since the last one.

        async for _ in waker:
            while (message := channel.try_receive()) is not None:
                ...

    Make it in a coroutine of the loop that it wakes, and let one task wait. `wake` and `finish` from any thread.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self._lock = threading.Lock()
        self._is_set = False
        self._is_finished = False

    def wake(self) -> None:
        """Wakes the task. Wakes in a row are one; after the loop's end nothing happens."""
        with self._lock:
            if self._is_set:
                return
            self._is_set = True
        try:
            self._loop.call_soon_threadsafe(self._event.set)
        except RuntimeError:
            pass  # the loop is closed

    def finish(self) -> None:
        """Ends the iteration."""
        self._is_finished = True
        self.wake()

    async def wait(self) -> bool:
        """Waits for a wake since the last one; False after `finish`."""
        await self._event.wait()
        # A wake in between is a part of this one: whoever waited looks for messages only afterwards.
        self._event.clear()
        with self._lock:
            self._is_set = False
        return not self._is_finished

    def __aiter__(self) -> AsyncioWaker:
        return self

    async def __anext__(self) -> None:
        if not await self.wait():
            raise StopAsyncIteration
