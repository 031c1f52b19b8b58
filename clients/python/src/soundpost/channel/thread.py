"""Channels between threads of one process."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Deque, Optional, Tuple

from .channel import Channel
from .errors import ChannelTimeout, Disconnected, SendFailed
from .link import Link
from .names import check_name
from .shutdown import ShutdownState

KIND = "thread"
CAPACITY = 10_000
POLICIES = ("wait", "fail", "drop_oldest")


class Direction:
    """A bounded queue with one sending and one receiving end."""

    def __init__(self, capacity: int, policy: str) -> None:
        if policy not in POLICIES:
            raise ValueError(f"policy is one of {', '.join(POLICIES)}, not {policy!r}")
        if capacity < 1:
            raise ValueError("capacity is at least 1")
        self._lock = threading.Lock()
        self._filled = threading.Condition(self._lock)
        self._freed = threading.Condition(self._lock)
        self._payloads: Deque[bytes] = deque()
        self._capacity = capacity
        self._policy = policy
        self._ended = False
        self._abandoned = False
        self._dropped = 0

    @property
    def dropped(self) -> int:
        return self._dropped

    def put(self, name: str, payload: bytes, deadline: Optional[float]) -> None:
        with self._lock:
            while len(self._payloads) >= self._capacity and not (self._abandoned or self._ended):
                if self._policy == "fail":
                    raise SendFailed(name, f"the queue is full with {self._capacity} messages")
                if self._policy == "drop_oldest":
                    self._payloads.popleft()
                    self._dropped += 1
                    break
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise ChannelTimeout(name, "the other end does not read")
                self._freed.wait(left)
            if self._abandoned or self._ended:
                raise Disconnected(name, "the other end is gone")
            self._payloads.append(payload)
            self._filled.notify()

    def get(self, name: str, deadline: Optional[float]) -> Optional[bytes]:
        with self._lock:
            while not self._payloads or self._abandoned:
                if self._ended or self._abandoned:
                    raise Disconnected(name, "the other end is gone")
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return None
                self._filled.wait(left)
            self._freed.notify()
            return self._payloads.popleft()

    def end(self) -> None:
        """Nothing follows; what is in it can still be got."""
        with self._lock:
            self._ended = True
            self._filled.notify_all()
            self._freed.notify_all()

    def abandon(self) -> None:
        """Nobody gets any more."""
        with self._lock:
            self._abandoned = True
            self._payloads.clear()
            self._filled.notify_all()
            self._freed.notify_all()


class QueueLink(Link):
    """One end of two directions, or both ends of one."""

    kind = KIND

    def __init__(self, name: str, incoming: Direction, outgoing: Direction) -> None:
        self.name = name
        self._incoming = incoming
        self._outgoing = outgoing

    @property
    def dropped(self) -> int:
        return self._outgoing.dropped

    def send(self, payload: bytes, deadline: Optional[float]) -> None:
        self._outgoing.put(self.name, payload, deadline)

    def receive(self, deadline: Optional[float]) -> Optional[bytes]:
        return self._incoming.get(self.name, deadline)

    def end(self) -> None:
        self._outgoing.end()

    def close(self) -> None:
        self._outgoing.end()
        self._incoming.abandon()


class ThreadChannel(Channel):
    """A queue within this process: what one thread sends, another receives. `pair` makes two ends for both directions.

    Messages are encoded on the way as on every other channel: both ends get values of their own, and the same limits
    hold. `policy` says what a full queue does with one more message: "wait" for room, "fail" with SendFailed, or
    "drop_oldest".
    """

    def __init__(
        self,
        name: str,
        capacity: int = CAPACITY,
        policy: str = "wait",
        *,
        shutdown: Optional[ShutdownState] = None,
        overflow: str = "drop_oldest",
        link: Optional[QueueLink] = None,
    ) -> None:
        if link is None:
            queue = Direction(capacity, policy)
            link = QueueLink(check_name(name), queue, queue)
        super().__init__(link, shutdown=shutdown, overflow=overflow)


def pair(
    name: str,
    capacity: int = CAPACITY,
    policy: str = "wait",
    *,
    shutdown: Optional[ShutdownState] = None,
    overflow: str = "drop_oldest",
) -> Tuple[ThreadChannel, ThreadChannel]:
    """Two ends, called `NAME_a` and `NAME_b`, with a queue of `capacity` messages in each direction."""
    check_name(name)
    there, back = Direction(capacity, policy), Direction(capacity, policy)
    ends = (QueueLink(f"{name}_a", back, there), QueueLink(f"{name}_b", there, back))
    a, b = (ThreadChannel(link.name, shutdown=shutdown, overflow=overflow, link=link) for link in ends)
    return a, b
