"""Who reads a channel, and who gets what was read.

There is no thread for reading alone. Whoever waits and finds nobody reading reads for all: it gives answers to their
askers and puts the rest in line. When it has what it waited for, it leaves the reading to another who waits.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, Dict, List, NamedTuple, Optional, Set, TypeVar, Union

from .answers import Answers
from .errors import ChannelError, Disconnected, SerializationError
from .line import Line
from .link import Link
from .message import Message
from .metrics import Meter
from .waking import Waker, wake_all

T = TypeVar("T")
log = logging.getLogger("soundpost.channel")

LATE_READS = 100
"""How many payloads one still reads after its deadline while they are for others."""
KEPT_IDS = 1024
"""Of how many askers that gave up the ids are kept."""


class Item(NamedTuple):
    """What came: a message, or why it was none; its size in bytes; whether it counts as an operation in flight."""

    content: Union[Message, SerializationError]
    size: int
    held: bool = False

    @property
    def is_question(self) -> bool:
        """Whether somebody waits for its answer."""
        content = self.content
        return isinstance(content, Message) and content.type == "request" and content.id is not None


class Waiter:
    """One thread that waits for what it `wants`: "response", "pong", "inbox", "work" or "payload"."""

    __slots__ = ("condition", "wants", "id", "answer", "payload")

    def __init__(self, lock: threading.Lock, wants: str, identifier: str = "") -> None:
        self.condition = threading.Condition(lock)
        self.wants = wants
        self.id = identifier
        self.answer: Optional[Message] = None
        self.payload: Optional[bytes] = None


class Reception:
    """The receiving half of a channel.

    `inbox` is what `receive` takes, `work` what the thread that calls the handlers takes. Each has at most `capacity`
    messages and 64 MiB. Where somebody receives, that thread reads nothing more while the inbox is full. Everything
    else that is too much makes the oldest give way: who asks must go on reading, or its answer would never come.
    """

    def __init__(self, link: Link, meter: Meter, answers: Answers, capacity: int) -> None:
        self._link = link
        self._meter = meter
        self._answers = answers
        self._lock = threading.Lock()
        self._inbox: Line[Item] = Line(capacity)
        self._work: Line[Item] = Line(capacity)
        self._methods: Set[str] = set()
        self._receives = False
        self._listens = False
        self._wakers: List[Waker] = []
        self._end: Optional[ChannelError] = None
        self._waiters: Dict[Waiter, None] = {}
        self._askers: Dict[str, Waiter] = {}
        self._gave_up: Dict[str, None] = {}
        self._asked = 0
        self._reading = False

    @property
    def end(self) -> Optional[ChannelError]:
        """Why nothing comes any more."""
        return self._end

    @property
    def is_over(self) -> bool:
        """Whether nothing comes any more and everything that came was taken.

        Where nobody receives, only requests in the inbox wait to be taken.
        """
        with self._lock:
            if self._end is None or len(self._work):
                return False
            return not any(self._receives or item.is_question for item in self._inbox)

    # Asking

    def ask(self, wants: str) -> Waiter:
        """A waiter for an answer of this type to a fresh id, which from now on is kept until `forget`."""
        with self._lock:
            self._asked += 1
            waiter = Waiter(self._lock, wants, f"#{self._asked}")
            self._askers[waiter.id] = waiter
            return waiter

    def answer(self, waiter: Waiter, deadline: Optional[float]) -> Optional[Message]:
        """Waits for the answer; None when the deadline passes first. Raises why the channel ended."""
        return self._wait(waiter, lambda: waiter.answer, deadline)

    def forget(self, waiter: Waiter) -> None:
        """The asker has its answer or gave up: what still comes is dropped."""
        with self._lock:
            if self._askers.pop(waiter.id, None) is not None:
                self._gave_up[waiter.id] = None
                if len(self._gave_up) > KEPT_IDS:
                    del self._gave_up[next(iter(self._gave_up))]

    # Taking

    def take(self, deadline: Optional[float]) -> Optional[Item]:
        """The next item of the inbox; None when the deadline passes first. Raises why the channel ended."""
        self._receives = True
        return self._wait(Waiter(self._lock, "inbox"), self._pop_inbox, deadline)

    def take_work(self) -> Optional[Item]:
        """The next item for handlers; only for the thread that calls them. Raises why the channel ended."""
        return self._wait(Waiter(self._lock, "work"), self._pop_work, None)

    def take_encoded(self, deadline: Optional[float]) -> Optional[bytes]:
        """The next payload as it came, past all lines. Waits while another thread reads."""
        waiter = Waiter(self._lock, "payload")
        return self._wait(waiter, lambda: waiter.payload, deadline)

    # Who takes what

    def serve(self, method: str) -> None:
        """Requests for this method are for the handlers."""
        with self._lock:
            self._methods.add(method)
            if not self._receives:
                self._hand_over_inbox()

    def listen(self) -> None:
        """Everything is for the handlers."""
        with self._lock:
            self._receives = self._listens = True
            self._hand_over_inbox()

    def wake(self, waker: Waker) -> None:
        """Wakes after everything that comes into the inbox, at the end, and now if something is there."""
        with self._lock:
            self._receives = True
            self._wakers = [*self._wakers, waker]
            is_there = self._end is not None or len(self._inbox) > 0
        if is_there:
            wake_all([waker])

    # From other threads

    def finish(self, error: ChannelError) -> None:
        """Ends the channel for everybody who waits now or later. Only the first error counts."""
        with self._lock:
            self._drop_inbox()
            if self._end is not None:
                return
            self._end = error
            self._notify_all()
        wake_all(self._wakers)

    def look_again(self) -> None:
        """There is room for answers again: reading goes on."""
        with self._lock:
            self._notify_all()

    # Inside; under the lock, except where it says otherwise

    def _wait(self, waiter: Waiter, take: Callable[[], Optional[T]], deadline: Optional[float]) -> Optional[T]:
        """Not under the lock."""
        with self._lock:
            self._waiters[waiter] = None
            late = 0
            try:
                while True:
                    found = take()
                    if found is not None:
                        return found
                    if self._end is not None:
                        raise self._end.again()
                    left = None if deadline is None else max(0.0, deadline - time.monotonic())
                    if self._reading or not self._may_read(waiter):
                        if left == 0:
                            return None
                        if not self._reading:
                            self._promote()
                        waiter.condition.wait(left)
                        continue
                    # After the deadline, what is there already still counts; but not for ever, if it is for others.
                    nothing = not self._read(deadline, waiter)
                    if left == 0:
                        late += 1
                        if nothing or late == LATE_READS:
                            return take()
            finally:
                del self._waiters[waiter]
                if not self._reading:
                    self._promote()

    def _may_read(self, waiter: Waiter) -> bool:
        if waiter.wants == "payload":
            return True
        if self._answers.is_full:
            return False
        is_for_others = waiter.wants == "work" and self._receives and not self._listens
        return not (is_for_others and self._inbox.is_full)

    def _read(self, deadline: Optional[float], waiter: Waiter) -> bool:
        """Reads one payload for all, or for one who wants it as it is. Gives the lock away while it waits.

        False if nothing came before the deadline.
        """
        self._reading = True
        self._lock.release()
        error: Optional[ChannelError] = None
        item = payload = None
        try:
            payload = self._link.receive(deadline)
            if payload is not None:
                self._meter.received(len(payload))
                if waiter.wants != "payload":
                    item = self._parse(payload)
        except ChannelError as failure:
            error = failure
        finally:
            self._lock.acquire()
            self._reading = False
        if error is not None:
            if not isinstance(error, Disconnected):
                self._meter.failed()
            if self._link.is_cut:
                self._drop_inbox()
            if self._end is None:
                self._end = error
                self._notify_all()
                self._wake()
        elif waiter.wants == "payload":
            waiter.payload = payload
        elif item is not None:
            self._sort(item)
        return error is not None or payload is not None

    def _parse(self, payload: bytes) -> Optional[Item]:
        """Not under the lock. None for what the channel answers by itself."""
        try:
            message = Message.from_json(payload, self._link.name)
        except SerializationError as error:
            self._meter.failed()
            return Item(error, len(payload))
        if message.type == "ping":
            self._answers.pong(message)
            return None
        is_held = False
        if message.type == "request" and message.id is not None:
            is_held = self._answers.hold()
            if not is_held and self._answers.refuse(message):
                return None
        return Item(message, len(payload), is_held)

    def _sort(self, item: Item) -> None:
        content = item.content
        if isinstance(content, Message):
            if content.type in ("response", "pong") and content.id is not None:
                asker = self._askers.get(content.id)
                if asker is not None and asker.wants == content.type:
                    del self._askers[content.id]
                    asker.answer = content
                    asker.condition.notify()
                    return
                if content.type == "response" and content.id in self._gave_up:
                    del self._gave_up[content.id]
                    return
            if content.type == "pong":
                return
        if self._is_for_handlers(content):
            self._put(self._work, item)
            return
        if item.held and not self._receives:
            self._answers.drop()  # nobody may ever come for it
            item = item._replace(held=False)
        self._put(self._inbox, item)
        self._wake()

    def _is_for_handlers(self, content: Union[Message, SerializationError]) -> bool:
        if self._listens:
            return True
        if not isinstance(content, Message) or content.type != "request":
            return False
        # Where nobody receives, what has no handler is refused where handlers are called.
        return content.method in self._methods or (bool(self._methods) and not self._receives)

    def _hand_over_inbox(self) -> None:
        """What handlers take in place of the inbox, from now on and of what is in it."""
        for _ in range(len(self._inbox)):
            item = self._inbox.pop()
            if item is None:
                break
            if self._is_for_handlers(item.content):
                if not item.held and isinstance(item.content, Message) and item.content.type == "request":
                    item = item._replace(held=self._answers.hold())
                self._work.put(item, item.size)
            else:
                self._inbox.put(item, item.size)
        self._notify_all()

    def _drop_inbox(self) -> None:
        """Nobody would hear an answer to what is in it; it can still be received."""
        for _ in range(len(self._inbox)):
            item = self._inbox.pop()
            if item is not None:
                if item.held:
                    self._answers.drop()
                self._inbox.put(item._replace(held=False), item.size)

    def _put(self, line: Line[Item], item: Item) -> None:
        while line.is_full:
            oldest = line.pop()
            if oldest is None:
                break
            if oldest.held:
                self._answers.drop()
            if self._meter.dropped() == 1:
                log.warning("channel %s: nobody takes what comes; the oldest messages give way", self._link.name)
        line.put(item, item.size)
        self._meter.peak_queue = max(self._meter.peak_queue, len(line))
        for waiter in self._waiters:
            if waiter.wants in ("inbox", "work"):
                waiter.condition.notify()

    def _pop(self, line: Line[Item]) -> Optional[Item]:
        was_full = line.is_full
        item = line.pop()
        if was_full and not self._reading:
            self._notify_all()
        return item

    def _pop_inbox(self) -> Optional[Item]:
        item = self._pop(self._inbox)
        if item is not None and item.is_question and not item.held:
            # It came before anybody received. From now on its answer is owed, too.
            item = item._replace(held=self._answers.hold())
        return item

    def _pop_work(self) -> Optional[Item]:
        # No handler is called while its answer would have no room.
        return None if self._answers.is_full and self._end is None else self._pop(self._work)

    def _wake(self) -> None:
        """Gives the lock away: wakers are not ours."""
        if self._wakers:
            reading, self._reading = self._reading, True
            self._lock.release()
            try:
                wake_all(self._wakers)
            finally:
                self._lock.acquire()
                self._reading = reading

    def _promote(self) -> None:
        """Has another one read."""
        for waiter in self._waiters:
            if waiter.answer is None and waiter.payload is None and self._may_read(waiter):
                waiter.condition.notify()
                return

    def _notify_all(self) -> None:
        for waiter in self._waiters:
            waiter.condition.notify()
