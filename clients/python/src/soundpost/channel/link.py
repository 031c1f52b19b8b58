"""What carries a channel's messages from one end to the other: the part that differs between the kinds."""

from __future__ import annotations

import abc
import select
import sys
import threading
import time
from types import TracebackType
from typing import Any, Callable, Optional, Type, TypeVar


class Link(abc.ABC):
    """A way for payloads in order, in both directions.

    The channel sees to it that one thread at a time sends (see `takes_turns`) and one at a time receives, and that
    nothing is sent after `end`. `close` may come from any thread at any moment. Deadlines are times of
    `time.monotonic`, None is never.
    """

    name: str
    kind: str
    whole: int = sys.maxsize
    """The longest payload that `send` sends at once or not at all when its deadline has passed."""

    takes_turns: bool = True
    """Whether the channel sees to it that one thread at a time sends. If not, who waits for room holds up nobody."""

    @property
    def is_cut(self) -> bool:
        """Whether the other end let go altogether, so that nobody hears what is sent. False while it is not known."""
        return False

    @property
    def dropped(self) -> int:
        """Messages of this end that gave way to newer ones on the link itself."""
        return 0

    @abc.abstractmethod
    def send(self, payload: bytes, deadline: Optional[float], waits: bool = False) -> None:
        """Sends a whole payload, waiting for room. Once a part of it is on its way, the deadline counts no more.

        A link with another policy than waiting follows it, unless `waits`.

        Raises ChannelTimeout, Disconnected, SendFailed, ChannelIOError.
        """

    @abc.abstractmethod
    def receive(self, deadline: Optional[float]) -> Optional[bytes]:
        """The next payload; None when the deadline passes first.

        Raises Disconnected after the last payload, ReceiveFailed, ChannelIOError.
        """

    @abc.abstractmethod
    def end(self) -> None:
        """Ends this end's direction: the other end sees the end after the last payload. Never raises."""

    @abc.abstractmethod
    def close(self) -> None:
        """Lets go of everything and wakes who waits here. Any number of times, never raises."""


C = TypeVar("C", bound="Closable")


class Closable(abc.ABC):
    """Something with an end: `with thing:` closes it."""

    @abc.abstractmethod
    def close(self) -> None:
        """Lets go of everything. Any number of times, from any thread; never raises."""

    def __enter__(self: C) -> C:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()


class InUse:
    """Lets something be closed while other threads use it: the last one to leave lets go of it.

    A descriptor that is closed under a waiting thread could be given to another file, and the thread would go on there.
    """

    def __init__(self, let_go: Callable[[], None]) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._closed = False
        self._let_go = let_go

    @property
    def is_closed(self) -> bool:
        return self._closed

    def enter(self) -> bool:
        """Begins a use; False after `close`. Each True wants one `leave`."""
        with self._lock:
            if self._closed:
                return False
            self._users += 1
            return True

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            last = self._closed and self._users == 0
        if last:
            self._let_go()

    def close(self, wake: Callable[[], None]) -> None:
        """Refuses new users, calls `wake` while the thing is still there, and lets go of it when nobody uses it."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._users += 1
        try:
            wake()
        finally:
            self.leave()


def remaining(deadline: Optional[float]) -> Optional[float]:
    """Seconds until the deadline, not below 0."""
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def deadline_in(timeout: Optional[float]) -> Optional[float]:
    return None if timeout is None else time.monotonic() + timeout


def poll_until(deadline: Optional[float], *watched: Any) -> bool:
    """Waits for one of `watched`, pairs of a descriptor and its events, or an error there; False at the deadline."""
    poll = select.poll()
    for descriptor, events in watched:
        poll.register(descriptor, events)
    left = remaining(deadline)
    # Rounded up: a wait that ends a part of a millisecond early would be done over and over.
    return bool(poll.poll(None if left is None else int(left * 1000 + 0.999)))
