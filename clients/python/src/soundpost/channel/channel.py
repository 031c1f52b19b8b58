"""The interface of every channel, whatever carries it."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Iterable, Iterator, List, Optional

from .answers import Answers, check_size, encoded
from .errors import (
    ChannelError,
    ChannelIOError,
    ChannelTimeout,
    Disconnected,
    RequestError,
    SendFailed,
    SerializationError,
    ShuttingDown,
)
from .line import CAPACITY
from .link import Closable, Link, deadline_in, remaining
from .message import ErrorDetail, Message
from .metrics import ChannelMetrics, Meter
from .owed import Owed
from .reception import Item, Reception
from .service import Service
from .shutdown import ShutdownState
from .waking import Waker, wake_all


class Channel(Closable):
    """One end of a channel. Programs get one from `connect`, a server's `accept`, `pair` or `create_channel`.

    All methods may be called from any thread, any number at once. No thread reads in the background unless
    `on_message`, `handle`, `wake_on_arrival` or `start` asked for one. Times are seconds; a timeout of None waits
    without end, 0 only looks.

    Received messages wait in line for their reader, at most `capacity` (at least 1) or 64 MiB of them. Once somebody
    has received, that thread reads nothing more while the line is full, and so the other end waits. Otherwise, where a
    thread reads only because it waits for an answer, or nobody ever received, the oldest give way and are counted in
    `metrics().dropped`. As many answers of handlers wait to be sent before reading waits.

    A request that came before `shutdown` is still answered: this end's direction stays open until its handler has
    answered or, where `receive` handed it out, until `respond` has. One that comes later is refused by −32000.

    Errors: ChannelError and its kinds; each method names those that are its own.
    """

    def __init__(self, link: Link, *, shutdown: Optional[ShutdownState] = None, capacity: int = CAPACITY) -> None:
        capacity = max(1, capacity)
        self._link = link
        self._meter = Meter()
        self._sending = threading.Lock()
        self._wakers: List[Waker] = []
        self._gone = False
        self._closed = False
        self._flight = ShutdownState(shutdown, self._link.end)
        self._owed = Owed(self._flight.leave)
        self._answers = Answers(
            link, self._meter, self._flight, capacity, self._hand_over_answer, lambda: self._reception.look_again()
        )
        self._reception = Reception(link, self._meter, self._answers, capacity)
        self._service = Service(self, self._reception, self._answers)

    @property
    def name(self) -> str:
        """The channel's name; every error of the channel says it."""
        return self._link.name

    @property
    def kind(self) -> str:
        """ "local_socket", "shared_memory", "stdio" or "thread"."""
        return self._link.kind

    # Sending

    def send(self, message: Message, timeout: Optional[float] = None) -> None:
        """Sends a message; when it returns, the message is on its way. Waits while the other end reads too slowly.

        Raises SerializationError, SendFailed (too large, or full under the policy "fail"), ShuttingDown, Disconnected,
        and ChannelTimeout if not even a part of it was sent in time.
        """
        self._send(message, deadline_in(timeout))

    def send_json(self, data: Any) -> None:
        """Sends `data`, any JSON value, as a message of type `data`."""
        self.send(Message("data", data))

    def emit(self, event: str, data: Any = None) -> None:
        """Tells the other end what happened."""
        self.send(Message("event", data, event=event))

    def ready(self, handlers: Iterable[str]) -> None:
        """Announces what a helper offers; a node waits for it before it asks."""
        self.send(Message("ready", {"handlers": list(handlers)}))

    def respond(self, request: Message, data: Any = None) -> None:
        """Answers a request that `receive` or a message handler got."""
        self._respond(request, Message("response", data, id=request.id))

    def respond_error(self, request: Message, code: int, message: str, data: Any = None) -> None:
        """Answers a request with an error; for codes see `soundpost.channel.errors`."""
        self._respond(request, Message("response", None, id=request.id, error=ErrorDetail(code, message, data)))

    def send_encoded(self, payload: bytes, timeout: Optional[float] = None) -> None:
        """Sends a message that is JSON already, as it is: UTF-8 in one line without its end. Only that is checked."""
        if b"\n" in payload:
            raise SerializationError(self.name, "an encoded message is one line without its end")
        self._send_bytes(payload, timeout)

    # Receiving

    def receive(self, timeout: Optional[float] = None) -> Message:
        """The next message that is neither an answer nor for a handler.

        Raises ChannelTimeout when none comes in time, Disconnected after the last one, SerializationError in place of a
        message that was malformed (the next call goes on behind it), ReceiveFailed when the other end broke the rules.
        """
        item = self._take(timeout)
        if item is None:
            raise ChannelTimeout(self.name, f"no message within {timeout} s")
        if isinstance(item.content, SerializationError):
            raise item.content
        return item.content

    def try_receive(self) -> Optional[Message]:
        """The next message if there is one already, else None. Raises what `receive` raises, but no ChannelTimeout."""
        item = self._take(0)
        if item is None:
            return None
        if isinstance(item.content, SerializationError):
            raise item.content
        return item.content

    def receive_encoded(self, timeout: Optional[float] = None) -> bytes:
        """The next message as it came, unread: also answers and pings, which then nobody gets or answers.

        For programs that do all of the protocol themselves; do not mix it with the methods that read messages.
        """
        try:
            payload = self._reception.take_encoded(deadline_in(timeout))
        except ChannelError:
            self._other_end_gone()
            raise
        if payload is None:
            raise ChannelTimeout(self.name, f"no message within {timeout} s")
        return payload

    def __iter__(self) -> Iterator[Message]:
        """Messages until the end; malformed ones raise SerializationError, and iterating anew goes on behind them."""
        while True:
            try:
                message = self.receive()
            except Disconnected:
                return
            yield message

    # Handlers

    def on_message(self, handler: Callable[[Message], Any]) -> None:
        """Has one thread call `handler` with every message that `receive` would give, which gives nothing any more.

        Several handlers are called in turn. What one raises is logged. A request is to be answered before it returns.
        """
        self._service.on_message(handler)

    def handle(self, method: str, function: Callable[[Any], Any]) -> None:
        """Has one thread answer requests for `method` with what `function(data)` returns, one request after the other.

        What the function raises becomes an error answer: a RequestError one with its code, anything else −32603 and
        a traceback in the log. Requests for a method that nobody handles are answered by −32601, unless somebody
        receives: `on_message`, `receive`, `try_receive` or `wake_on_arrival` was ever called. Then they go there.
        """
        self._service.handle(method, function)

    def start(self) -> None:
        """Starts the thread that reads for all and calls handlers, if it does not run yet. It ends with the channel."""
        self._service.start()

    def run(self) -> None:
        """Serves the handlers until the channel ends; for helpers, whose whole life this is.

        Returns after the other end went or `close`; raises ReceiveFailed or ChannelIOError if that ended it.
        """
        self._service.run()

    # Waking event loops

    def wake_after_sending(self, waker: Waker) -> None:
        """Calls `waker.wake()` after each message that this end sent."""
        self._wakers = [*self._wakers, waker]

    def wake_on_arrival(self, waker: Waker) -> None:
        """Calls `waker.wake()` when there is something for `try_receive`: after each message that came, and at the end.

        One thread reads from now on, as for handlers.
        """
        self._reception.wake(waker)
        self._service.start()

    # Asking

    def request(self, method: str, data: Any = None, timeout: Optional[float] = 10.0) -> Any:
        """Asks and waits for the answer's data. Any number of threads may ask at once.

        Raises RequestError with the other end's words, ChannelTimeout, Disconnected; after the last two, whether the
        other end did what it was asked is not known.
        """
        answer = self._ask(Message("request", data, method=method), "response", timeout)
        if answer.error is not None:
            raise RequestError(answer.error.code, answer.error.message, answer.error.data, self.name)
        return answer.data

    def ping(self, timeout: Optional[float] = 10.0) -> float:
        """Seconds to the other end and back; its channel answers by itself while anybody there reads."""
        began = time.monotonic()
        self._ask(Message("ping"), "pong", timeout)
        return time.monotonic() - began

    # Ending

    def shutdown(self) -> None:
        """Begins to end gracefully: accepts nothing new, sends what it accepted, then ends this direction.

        Returns at once. What the other end still sends can be received until it ends its own direction.
        """
        self._flight.shutdown()

    @property
    def is_shutdown(self) -> bool:
        """Whether this end accepts nothing new."""
        return self._flight.is_shutdown

    @property
    def has_ended(self) -> bool:
        """Whether the end of the channel was seen: the other end's, an error's, or that of `close`. What came before it
        can still be received."""
        return self._reception.end is not None

    @property
    def is_cut(self) -> bool:
        """Whether the other end let go altogether, so that nobody would hear an answer: it closed or died. One that
        only ended its own direction still listens."""
        return self._closed or self._link.is_cut

    def wait_for_drain(self, timeout: Optional[float] = None) -> bool:
        """Waits until everything accepted is sent and every request that came has its answer; False if not in time.

        Raises Disconnected if answers of handlers were lost because the other end went or this one was closed.
        """
        is_drained = self._flight.wait_for_drain(timeout)
        if self._answers.lost:
            raise Disconnected(self.name, f"{self._answers.lost} answers to requests could not be sent")
        return is_drained

    def close(self) -> None:
        """Ends both directions at once and lets go of everything. Wakes everyone who waits on this channel, in any
        thread: receivers with Disconnected, senders with ShuttingDown. Any number of times; never raises."""
        self._closed = True
        self._reception.finish(Disconnected(self.name, "this end was closed"))
        self._link.close()
        self._owed.void()
        self._flight.shutdown()

    def metrics(self) -> ChannelMetrics:
        """What this end counted since it was made."""
        return self._meter.snapshot(self.name, self.kind, self._link.dropped)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}{' closed' if self._closed else ''}>"

    # Inside

    def _respond(self, request: Message, answer: Message) -> None:
        if self._service.answering is request:
            self._answers.post(answer)
        else:
            self.send(answer)

    def _send(self, message: Message, deadline: Optional[float]) -> None:
        is_owed = message.type == "response" and self._owed.settle(message.id)
        if not is_owed:
            self._enter()
        try:
            self._transmit(self._encode(message), deadline)
        except (SerializationError, SendFailed, ChannelTimeout):
            if is_owed:  # still: another answer may come
                self._flight.enter(late=True)
                self._owed.add(message.id)
            raise
        finally:
            self._flight.leave()

    def _encode(self, message: Message) -> bytes:
        return encoded(message, self.name, self._meter)

    def _send_bytes(self, payload: bytes, timeout: Optional[float]) -> None:
        self._enter()
        try:
            self._transmit(payload, deadline_in(timeout))
        finally:
            self._flight.leave()

    def _enter(self) -> None:
        if not self._flight.enter():
            raise self._refusal()

    def _refusal(self) -> ChannelError:
        if self._gone and not self._closed:
            return Disconnected(self.name, "the other end is gone")
        return ShuttingDown(self.name, "this end is shutting down" if not self._closed else "this end was closed")

    def _transmit(self, payload: bytes, deadline: Optional[float]) -> None:
        """Sends one payload within an operation in flight."""
        check_size(payload, self.name, self._meter)
        try:
            self._hand_over(payload, deadline)
        except Disconnected:
            self._owed.void()
            raise

    def _hand_over_answer(self, payload: bytes, deadline: Optional[float]) -> None:
        """For answers of the channel's own: they wait for room whatever the link's policy is."""
        self._hand_over(payload, deadline, waits=True)

    def _hand_over(self, payload: bytes, deadline: Optional[float], waits: bool = False) -> None:
        left = remaining(deadline)
        takes_turns = self._link.takes_turns
        if takes_turns and not self._sending.acquire(timeout=-1 if left is None else left):
            raise ChannelTimeout(self.name, "other messages were being sent all the time")
        try:
            self._link.send(payload, deadline, waits)
            self._meter.sent(len(payload))
        except ChannelError as error:
            if not isinstance(error, ChannelTimeout):
                self._meter.failed()
            if self._closed:
                raise self._refusal() from None
            raise
        finally:
            if takes_turns:
                self._sending.release()
        if self._wakers:
            wake_all(self._wakers)

    def _take(self, timeout: Optional[float]) -> Optional[Item]:
        try:
            item = self._reception.take(deadline_in(timeout))
        except ChannelError:
            self._other_end_gone()
            raise
        if item is not None and item.held and isinstance(item.content, Message):
            self._owed.add(item.content.id)
        return item

    def _ask(self, question: Message, wants: str, timeout: Optional[float]) -> Message:
        deadline = deadline_in(timeout)
        began = time.monotonic()
        waiter = self._reception.ask(wants)
        question.id = waiter.id
        try:
            self._send(question, deadline)
            answer = self._reception.answer(waiter, deadline)
        except (Disconnected, ChannelIOError):
            self._other_end_gone()
            raise
        finally:
            self._reception.forget(waiter)
        if answer is None:
            raise ChannelTimeout(self.name, f"no answer to {question.method or question.type} within {timeout} s")
        self._meter.answered(time.monotonic() - began)
        return answer

    def _other_end_gone(self) -> None:
        """The end was reported. Once everything that came has been taken, this end ends its direction in turn."""
        if not self._reception.is_over:
            return
        self._gone = True
        self._flight.shutdown()
        if not isinstance(self._reception.end, Disconnected):
            self._link.close()
        if self.is_cut:
            self._owed.void()
