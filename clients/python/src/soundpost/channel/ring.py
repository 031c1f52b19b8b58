"""The two ends of a ring: loan and publish, borrow and release (docs/protocols/shared-memory.md)."""

from __future__ import annotations

import os
import struct
import time
from typing import Callable, Optional, Tuple

from . import futex
from .errors import ChannelTimeout, Disconnected, ReceiveFailed, SendFailed
from .memory import Ring
from .message import MAXIMUM_BYTES

HEADER = struct.Struct("<II")
MORE = 1
"""The flag of a record whose message goes on in the next one."""
LOOKS = 40 if (os.cpu_count() or 1) > 1 else 1
"""How often one looks before sleeping: a few microseconds in all."""


class RingWriter:
    """The writing end. One thread at a time may loan and publish; `close` may come from any.

    Views are of the shared memory itself: bytes, nothing is copied. `hung_up` says whether the other process let go of
    its socket; `violated` is called when it breaks the rules of the ring, and closes the connection.
    """

    def __init__(self, name: str, ring: Ring, hung_up: Callable[[], bool], violated: Callable[[], None]) -> None:
        self._name = name
        self._ring: Optional[Ring] = ring
        self._hung_up = hung_up
        self._violated = violated
        self._head = 0
        self._consumed = 0
        self._loaned: Optional[memoryview] = None
        self.maximum = ring.size // 2
        """The most bytes of one record."""

    def loan(self, length: int, timeout: Optional[float] = None) -> memoryview:
        """Room for a record of `length` bytes, to be filled and published; waits for the reader to give back.

        Raises ChannelTimeout, SendFailed (too long; the reader broke the rules), Disconnected.
        """
        return self.loan_until(length, None if timeout is None else time.monotonic() + timeout)

    def loan_until(self, length: int, deadline: Optional[float]) -> memoryview:
        ring = self._open()
        if not 0 <= length <= self.maximum:
            raise SendFailed(self._name, f"a record of {length} bytes; this ring takes 0 to {self.maximum}")
        if self._hung_up():
            raise Disconnected(self._name, "the other end is gone")
        wanted = _rounded(length)
        if ring.size - (self._head - self._consumed) < wanted:
            self._wait(ring, wanted, deadline)
        self._give_up()
        at = self._head % ring.size + HEADER.size
        self._loaned = ring.data[at : at + length]
        return self._loaned

    def publish(self, length: Optional[int] = None, more: bool = False) -> None:
        """Shows the reader the first `length` bytes of the loan, without it all; the view must not be used any more.

        With `more` the message goes on in the next record. Raises SendFailed without a loan, Disconnected.
        """
        ring = self._open()
        if self._loaned is None:
            raise SendFailed(self._name, "nothing was loaned to publish")
        size = self._loaned.nbytes
        if length is None:
            length = size
        elif not 0 <= length <= size:
            raise SendFailed(self._name, f"{length} bytes cannot be published of {size} loaned ones")
        HEADER.pack_into(ring.data, self._head % ring.size, length, MORE if more else 0)
        self._give_up()
        head = self._head + _rounded(length)
        futex.order()  # the record before the counter that shows it
        ring.published.value = head
        self._head = head
        _wake_reader(ring)

    def end(self) -> None:
        """Tells the reader that nothing follows."""
        ring = self._ring
        if ring is not None:
            futex.order()
            ring.ended.value = 1
            _wake_reader(ring)

    def close(self) -> None:
        """Refuses further use and lets go of the memory, which goes when the last view of it goes."""
        self._ring = None

    def _open(self) -> Ring:
        ring = self._ring
        if ring is None:
            raise Disconnected(self._name, "the channel is closed")
        return ring

    def _give_up(self) -> None:
        if self._loaned is not None:
            try:
                self._loaned.release()
            except BufferError:
                pass  # the program made views of the view; it was told not to use them
            self._loaned = None

    def _free(self, ring: Ring) -> int:
        consumed = ring.consumed.value
        futex.order()  # the counter before the bytes that it gives back
        if consumed % 8 or consumed < self._consumed or consumed > self._head:
            self._violated()
            raise SendFailed(self._name, f"the reader's counter is {consumed} after {self._consumed} of {self._head}")
        self._consumed = consumed
        return ring.size - (self._head - consumed)

    def _wait(self, ring: Ring, wanted: int, deadline: Optional[float]) -> None:
        while True:
            for _ in range(LOOKS):
                if self._free(ring) >= wanted:
                    return
            ring.space_wait.value = 1
            futex.fence()
            try:
                if self._free(ring) >= wanted:
                    return
                left = futex.SLICE if deadline is None else min(futex.SLICE, deadline - time.monotonic())
                if left <= 0:
                    raise ChannelTimeout(self._name, "the other end does not read")
                self._open()
                futex.wait(ring.space_address, 1, left)
            finally:
                ring.space_wait.value = 0
            if self._free(ring) >= wanted:
                return
            self._open()
            if self._hung_up():
                raise Disconnected(self._name, "the other end is gone")


class RingReader:
    """The reading end. One thread at a time may borrow and release; `close` may come from any.

    `hung_up` and `violated` are those of the writer.
    """

    def __init__(self, name: str, ring: Ring, hung_up: Callable[[], bool], violated: Callable[[], None]) -> None:
        self._name = name
        self._ring: Optional[Ring] = ring
        self._hung_up = hung_up
        self._violated = violated
        self._tail = 0
        self._published = 0
        self._borrowed: Optional[memoryview] = None
        self._partial = bytearray()
        self.more = False
        """Whether the message of the borrowed record goes on in the next one."""

    def borrow(self, timeout: Optional[float] = None) -> memoryview:
        """The next record's bytes in place, not to be written. The other end could still change them: copy what you
        check or parse. Valid until `release`, which is implied by borrowing again.

        Raises ChannelTimeout, Disconnected after the last record, ReceiveFailed.
        """
        view = self.borrow_until(None if timeout is None else time.monotonic() + timeout)
        if view is None:
            raise ChannelTimeout(self._name, f"no record within {timeout} s")
        return view

    def borrow_until(self, deadline: Optional[float]) -> Optional[memoryview]:
        ring = self._open()
        if self._borrowed is not None:
            self.release()
        if self._published == self._tail and not self._look(ring) and not self._wait(ring, deadline):
            return None
        length, self.more = self._check_record(ring)
        at = self._tail % ring.size + HEADER.size
        self._borrowed = ring.data[at : at + length].toreadonly()
        return self._borrowed

    def release(self) -> None:
        """Gives the borrowed record's room back to the writer. Nothing happens if none is borrowed."""
        view, self._borrowed = self._borrowed, None
        if view is None:
            return
        self._tail += _rounded(view.nbytes)
        try:
            view.release()
        except BufferError:
            pass  # the program made views of the view; it was told how long they are valid
        ring = self._ring
        if ring is None:
            return
        futex.order()  # the reading before the counter that allows overwriting
        ring.consumed.value = self._tail
        if not ring.space_wait.value:
            futex.fence()
            if not ring.space_wait.value:
                return
        futex.order()
        ring.space_wait.value = 0
        futex.wake(ring.space_address, False)

    def message_until(self, deadline: Optional[float]) -> Optional[bytes]:
        """A copy of the next message, of one or several records; None at the deadline, what came of it is kept."""
        while True:
            view = self.borrow_until(deadline)
            if view is None:
                return None
            if not self.more and not self._partial:
                message = bytes(view)
                self.release()
                if len(message) > MAXIMUM_BYTES:
                    raise self._violation(f"a message has more than {MAXIMUM_BYTES} bytes")
                return message
            if len(self._partial) + view.nbytes > MAXIMUM_BYTES:
                self._partial = bytearray()
                raise self._violation(f"a message has more than {MAXIMUM_BYTES} bytes")
            more = self.more
            self._partial += view
            self.release()
            if not more:
                message, self._partial = bytes(self._partial), bytearray()
                return message
            if deadline is not None and time.monotonic() >= deadline:
                return None

    def close(self) -> None:
        """Refuses further use and lets go of the memory, which goes when the last view of it goes."""
        self._ring = None

    def _open(self) -> Ring:
        ring = self._ring
        if ring is None:
            raise Disconnected(self._name, "the channel is closed")
        return ring

    def _violation(self, text: str) -> ReceiveFailed:
        self._violated()
        return ReceiveFailed(self._name, text)

    def _check_record(self, ring: Ring) -> Tuple[int, bool]:
        """Loads the next record's header once: its length, and whether the message goes on."""
        length, flags = HEADER.unpack_from(ring.data, self._tail % ring.size)
        if length > ring.size // 2 or HEADER.size + length > self._published - self._tail or flags & ~MORE:
            raise self._violation(f"a record of {length} bytes with flags {flags:#x}")
        more = bool(flags & MORE)
        if more and length == 0:  # a message of such records would never end
            raise self._violation("an empty record that goes on")
        return length, more

    def _look(self, ring: Ring) -> bool:
        published = ring.published.value
        futex.order()  # the counter before the record that it shows
        if published % 8 or published < self._published or published - self._tail > ring.size:
            raise self._violation(f"the writer's counter is {published} after {self._published}")
        self._published = published
        return bool(published != self._tail)

    def _wait(self, ring: Ring, deadline: Optional[float]) -> bool:
        while True:
            for _ in range(LOOKS):
                if self._look(ring):
                    return True
            ring.data_wait.value = 1
            futex.fence()
            try:
                if self._look(ring):
                    return True
                left = futex.SLICE if deadline is None else min(futex.SLICE, deadline - time.monotonic())
                self._open()
                # An end that was there before is seen without sleeping first.
                if left > 0 and not ring.ended.value and not self._hung_up():
                    futex.wait(ring.data_address, 1, left)
            finally:
                ring.data_wait.value = 0
            if self._look(ring):
                return True
            self._open()
            if ring.ended.value or self._hung_up():
                futex.order()  # the sign of the end before the last look
                if self._look(ring):
                    return True
                raise Disconnected(self._name, "the other end is gone")
            if left <= 0:
                return False


def wake_everyone(ring: Ring) -> None:
    """Wakes readers and writers of both processes. Clearing the words first catches those about to sleep."""
    for word, address in ((ring.data_wait, ring.data_address), (ring.space_wait, ring.space_address)):
        word.value = 0
        futex.wake(address, True)


def _wake_reader(ring: Ring) -> None:
    # A flag that is set already is taken without a fence: the wake makes one before it looks for sleepers, and a
    # needless wake costs nothing. Only to see that the flag is not set, the fence must come first.
    if not ring.data_wait.value:
        futex.fence()
        if not ring.data_wait.value:
            return
    futex.order()  # the counter before the cleared flag, by which a reader about to sleep may learn of it
    ring.data_wait.value = 0
    futex.wake(ring.data_address, False)


def _rounded(length: int) -> int:
    return (HEADER.size + length + 7) & ~7
