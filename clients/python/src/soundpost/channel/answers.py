"""What a channel answers by itself, and how answers go out although a shutdown has begun."""

from __future__ import annotations

from typing import Callable, Optional

from .errors import HELPER_ENDS, SendFailed, SerializationError
from .link import Link
from .message import MAXIMUM_BYTES, ErrorDetail, Message, encode
from .metrics import Meter
from .outbox import Outbox
from .shutdown import ShutdownState


def encoded(message: Message, channel: str, meter: Meter) -> bytes:
    """The message's JSON, which is checked and not too long. Raises SerializationError, SendFailed."""
    try:
        payload = encode(message, channel)
    except SerializationError:
        meter.failed()
        raise
    check_size(payload, channel, meter)
    return payload


def check_size(payload: bytes, channel: str, meter: Meter) -> None:
    """Raises SendFailed for more bytes than a message may have."""
    if len(payload) > MAXIMUM_BYTES:
        meter.failed()
        raise SendFailed(channel, f"the message has {len(payload)} bytes, more than {MAXIMUM_BYTES}")


class Answers:
    """Answers from threads that must not wait for the other end: those that read, and the one that calls handlers.

    `send` sends a payload until a deadline; `room` is called when reading may go on.
    """

    def __init__(
        self,
        link: Link,
        meter: Meter,
        flight: ShutdownState,
        capacity: int,
        send: Callable[[bytes, Optional[float]], None],
        room: Callable[[], None],
    ) -> None:
        self._name = link.name
        self._meter = meter
        self._flight = flight
        self._outbox = Outbox(link.name, link.whole, capacity, send, flight.leave, room)

    @property
    def is_full(self) -> bool:
        """Whether so many answers wait to be sent that nothing more should be read."""
        return self._outbox.is_full

    @property
    def lost(self) -> int:
        """How many answers to requests could not be sent."""
        return self._outbox.lost

    def hold(self) -> bool:
        """Begins the operation in flight of a request that came; False once the shutdown has begun."""
        return self._flight.enter()

    def drop(self) -> None:
        """Ends it."""
        self._flight.leave()

    def post(self, answer: Message) -> None:
        """Answers a request; the direction may have ended. Raises SerializationError, SendFailed (too large)."""
        self._put(encoded(answer, self._name, self._meter), matters=True)

    def refuse(self, request: Message) -> bool:
        """Says to a request that this end is shutting down; False if that cannot be said any more."""
        detail = ErrorDetail(HELPER_ENDS, "this end is shutting down")
        payload = encode(Message("response", None, id=request.id, error=detail), self._name)
        return len(payload) <= MAXIMUM_BYTES and self._put(payload, matters=False)

    def pong(self, ping: Message) -> None:
        """Answers a ping."""
        payload = encode(Message("pong", ping.data, id=ping.id), self._name)
        if len(payload) <= MAXIMUM_BYTES:  # the same numbers may be longer as we write them
            self._put(payload, matters=False)

    def _put(self, payload: bytes, matters: bool) -> bool:
        if not self._flight.enter(late=True):
            return False
        self._outbox.put(payload, matters)
        return True
