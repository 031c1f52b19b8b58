"""Who reads a channel, and who gets what was read.

There is no thread for reading. Whoever waits and finds nobody reading reads for all: it gives answers to their askers
and puts the rest in line. When it has what it waited for, it leaves the reading to another who waits.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import Callable, Deque, Dict, List, NamedTuple, Optional, TypeVar, Union

from .errors import ChannelError, Disconnected, SerializationError
from .link import Link
from .message import Message
from .metrics import Meter

T = TypeVar("T")
log = logging.getLogger("soundpost.channel")

LATE_READS = 100


class Item(NamedTuple):
    """What came: a message, or why it was none; its size in bytes; whether it counts as an operation in flight."""

    content: Union[Message, SerializationError]
    size: int
    held: bool = False


class Line:
    """Items that wait for their reader, bounded in number and in bytes. Used under the reception's lock."""

    def __init__(self, capacity: int, capacity_bytes: int) -> None:
        self._items: Deque[Item] = deque()
        self._capacity = capacity
        self._capacity_bytes = capacity_bytes
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._items)

    @property
    def is_full(self) -> bool:
        return len(self._items) >= self._capacity or (self._bytes >= self._capacity_bytes)

    def put(self, item: Item) -> None:
        self._items.append(item)
        self._bytes += item.size

    def pop(self) -> Optional[Item]:
        if not self._items:
            return None
        item = self._items.popleft()
        self._bytes -= item.size
        return item


class Waiter:
    """One thread that waits, for an answer or for whatever comes."""

    __slots__ = ("condition", "asks", "answer")

    def __init__(self, lock: threading.Lock, asks: bool) -> None:
        self.condition = threading.Condition(lock)
        self.asks = asks
        self.answer: Optional[Message] = None


class Reception:
    """The receiving half of a channel.

    `pong` answers a ping, in the reading thread. `hold` begins an operation in flight for a request that a handler will
    answer, and `drop` ends it if that request gave way.
    """

    def __init__(
        self,
        link: Link,
        meter: Meter,
        pong: Callable[[Message], None],
        hold: Callable[[], bool],
        drop: Callable[[], None],
        capacity: int,
        capacity_bytes: int,
        waits: bool,
    ) -> None:
        self._link = link
        self._meter = meter
        self._pong = pong
        self._hold = hold
        self._drop = drop
        self._waits = waits
        self.lock = threading.Lock()
        self.inbox = Line(capacity, capacity_bytes)
        self.work = Line(capacity, capacity_bytes)
        self.serves_requests = False
        self.serves_all = False
        self.end: Optional[ChannelError] = None
        self._waiters: Dict[Waiter, None] = {}
        self._askers: Dict[str, Waiter] = {}
        self._asked = 0
        self._reading = False

    def ask(self) -> str:
        """A fresh id, whose answer from now on is kept until `forget`."""
        with self.lock:
            self._asked += 1
            identifier = str(self._asked)
            self._askers[identifier] = Waiter(self.lock, asks=True)
            return identifier

    def answer(self, identifier: str, deadline: Optional[float]) -> Optional[Message]:
        """Waits for the answer; None when the deadline passes first. Raises why the channel ended."""
        waiter = self._askers[identifier]
        return self._wait(waiter, lambda: waiter.answer, deadline)

    def forget(self, identifier: str) -> None:
        """The asker has its answer or gave up: what still comes is dropped."""
        with self.lock:
            self._askers.pop(identifier, None)

    def take(self, line: Line, deadline: Optional[float]) -> Optional[Item]:
        """The next item in line; None when the deadline passes first. Raises why the channel ended."""
        return self._wait(Waiter(self.lock, asks=False), lambda: self._take(line), deadline)

    def take_encoded(self, deadline: Optional[float]) -> Optional[bytes]:
        """The next payload as it came, past all lines. Waits while another thread reads."""
        came: List[bytes] = []
        return self._wait(Waiter(self.lock, asks=False), lambda: came.pop() if came else None, deadline, came)

    def serve(self, requests: bool = False, everything: bool = False) -> None:
        """From now on these go to `work` in place of the inbox; with `everything`, also what is in the inbox."""
        with self.lock:
            self.serves_requests |= requests
            self.serves_all |= everything
            if everything:
                item = self.inbox.pop()
                while item is not None:
                    self.work.put(item)
                    item = self.inbox.pop()
            self._notify_all()

    def finish(self, error: ChannelError) -> None:
        """Ends the channel for everybody who waits now or later. Only the first error counts."""
        with self.lock:
            if self.end is None:
                self.end = error
            self._notify_all()

    def _wait(
        self,
        waiter: Waiter,
        take: Callable[[], Optional[T]],
        deadline: Optional[float],
        raw: Optional[List[bytes]] = None,
    ) -> Optional[T]:
        with self.lock:
            self._waiters[waiter] = None
            late = 0
            try:
                while True:
                    found = take()
                    if found is not None:
                        return found
                    if self.end is not None:
                        raise self.end.again()
                    left = None if deadline is None else max(0.0, deadline - time.monotonic())
                    if self._reading or (self._waits and raw is None and (self.inbox.is_full or self.work.is_full)):
                        if left == 0:
                            return None
                        waiter.condition.wait(left)
                        continue
                    # After the deadline, what is there already still counts; but not for ever, if it is for others.
                    nothing = not self._read(deadline, raw)
                    if left == 0:
                        late += 1
                        if nothing or late == LATE_READS:
                            return take()
            finally:
                del self._waiters[waiter]
                if not self._reading:
                    self._promote()

    def _read(self, deadline: Optional[float], raw: Optional[List[bytes]]) -> bool:
        """Reads one payload for all, or for `raw`. Called with the lock, which it gives away while it waits.

        False if nothing came before the deadline.
        """
        self._reading = True
        self.lock.release()
        error: Optional[ChannelError] = None
        payload = content = None
        try:
            payload = self._link.receive(deadline)
            if payload is not None:
                self._meter.received(len(payload))
                if raw is None:
                    content = self._parse(payload)
        except ChannelError as failure:
            error = failure
        finally:
            self.lock.acquire()
            self._reading = False
        if error is not None:
            if not isinstance(error, Disconnected):
                self._meter.failed()
            if self.end is None:
                self.end = error
            self._notify_all()
        elif payload is not None:
            if raw is not None:
                raw.append(payload)
            elif content is not None:
                self._sort(content, len(payload))
        return error is not None or payload is not None

    def _parse(self, payload: bytes) -> Union[Message, SerializationError, None]:
        try:
            message = Message.from_json(payload, self._link.name)
        except SerializationError as error:
            self._meter.failed()
            return error
        if message.type == "ping":
            self._pong(message)
            return None
        return message

    def _sort(self, content: Union[Message, SerializationError], size: int) -> None:
        if isinstance(content, Message):
            kind = content.type
            if kind == "pong" or kind == "response":
                asker = self._askers.get(content.id) if content.id is not None else None
                if asker is not None:
                    asker.answer = content
                    asker.condition.notify()
                    return
                if kind == "pong" or self._was_asked(content.id):
                    return
            if self.serves_all or (kind == "request" and self.serves_requests):
                held = kind == "request" and self._hold()
                self._put(self.work, Item(content, size, held))
                return
        self._put(self.work if self.serves_all else self.inbox, Item(content, size))

    def _was_asked(self, identifier: Optional[str]) -> bool:
        """Whether this end once asked with this id, and gave up."""
        if identifier is None or len(identifier) > 20 or not (identifier.isascii() and identifier.isdigit()):
            return False
        return 0 < int(identifier) <= self._asked

    def _put(self, line: Line, item: Item) -> None:
        while line.is_full and not self._waits:
            oldest = line.pop()
            if oldest is None:
                break
            if oldest.held:
                self._drop()
            if self._meter.dropped() == 1:
                log.warning("channel %s: nobody takes what comes; the oldest messages give way", self._link.name)
        line.put(item)
        self._meter.peak_queue = max(self._meter.peak_queue, len(line))
        for waiter in self._waiters:
            if not waiter.asks:
                waiter.condition.notify()

    def _take(self, line: Line) -> Optional[Item]:
        was_full = self._waits and line.is_full
        item = line.pop()
        if was_full and not self._reading:
            self._promote()
        return item

    def _promote(self) -> None:
        for waiter in self._waiters:
            if waiter.answer is None:
                waiter.condition.notify()
                return

    def _notify_all(self) -> None:
        for waiter in self._waiters:
            waiter.condition.notify()
