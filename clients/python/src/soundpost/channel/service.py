"""The one thread that calls a channel's handlers."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional

from .errors import (
    HANDLER_FAILED,
    HELPER_ENDS,
    UNKNOWN_METHOD,
    ChannelError,
    Disconnected,
    RequestError,
    SerializationError,
    ShuttingDown,
)
from .message import ErrorDetail, Message
from .reception import Item, Reception
from .shutdown import ShutdownState

if TYPE_CHECKING:
    from .channel import Channel

log = logging.getLogger("soundpost.channel")


class Service:
    """Handlers, and the thread that starts with the first of them."""

    def __init__(self, channel: Channel, reception: Reception, flight: ShutdownState) -> None:
        self._channel = channel
        self._reception = reception
        self._flight = flight
        self._lock = threading.Lock()
        self._methods: Dict[str, Callable[[Any], Any]] = {}
        self._listeners: List[Callable[[Message], Any]] = []
        self._thread: Optional[threading.Thread] = None
        self._ended = threading.Event()
        self.answering: Optional[Message] = None
        """The request that a handler works on: it may be answered although shutdown has begun."""

    def on_message(self, handler: Callable[[Message], Any]) -> None:
        self._listeners = [*self._listeners, handler]
        self._reception.serve(everything=True)
        self.start()

    def handle(self, method: str, function: Callable[[Any], Any]) -> None:
        self._methods[method] = function
        self._reception.serve(requests=True)
        self.start()

    def start(self) -> None:
        with self._lock:
            if self._thread is None:
                name = f"soundpost {self._channel.name}"
                self._thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._thread.start()

    def run(self) -> None:
        self.start()
        self._ended.wait()
        end = self._reception.end
        if end is not None and not isinstance(end, Disconnected):
            raise end.again()

    def _work(self) -> None:
        try:
            while True:
                item = self._reception.take(self._reception.work, None)
                if item is not None:
                    try:
                        if item.held and isinstance(item.content, Message):
                            self.answering = item.content
                        self._dispatch(item)
                    finally:
                        self.answering = None
                        if item.held:
                            self._flight.leave()
        except ChannelError as end:
            if not isinstance(end, Disconnected):
                log.error("%s", end)
            self._channel._other_end_gone()
        finally:
            self._ended.set()

    def _dispatch(self, item: Item) -> None:
        message = item.content
        if isinstance(message, SerializationError):
            log.warning("%s", message)
        elif message.type == "request" and message.method in self._methods:
            self._answer(message, self._methods[message.method or ""], item.held)
        elif self._listeners:
            for listener in self._listeners:
                try:
                    listener(message)
                except (Disconnected, ShuttingDown) as end:
                    log.debug("%s", end)  # the thread sees the same end, when it has served what came before it
                except Exception:
                    log.exception("channel %s: a handler of messages failed", self._channel.name)
        else:
            self._refuse(message, ErrorDetail(UNKNOWN_METHOD, f"nobody handles {message.method}"), item.held)

    def _answer(self, request: Message, function: Callable[[Any], Any], held: bool) -> None:
        if not held:
            self._refuse(request, ErrorDetail(HELPER_ENDS, "the helper is shutting down"), held)
            return
        try:
            payload = self._channel._encode(Message("response", function(request.data), id=request.id))
        except RequestError as error:
            self._refuse(request, ErrorDetail(error.code, error.message, error.data), held)
            return
        except Exception as error:
            log.exception("channel %s: the handler of %s failed", self._channel.name, request.method)
            self._refuse(request, ErrorDetail(HANDLER_FAILED, f"{type(error).__name__}: {error}"), held)
            return
        self._respond(request, payload)

    def _refuse(self, request: Message, detail: ErrorDetail, held: bool) -> None:
        # Without a hold, shutdown may have ended this direction already, and then nobody hears the refusal.
        if held or self._flight.enter():
            try:
                payload = self._channel._encode(Message("response", None, id=request.id, error=detail))
            except SerializationError:
                plain = ErrorDetail(HANDLER_FAILED, "the handler's error is no JSON")
                payload = self._channel._encode(Message("response", None, id=request.id, error=plain))
            try:
                self._respond(request, payload)
            finally:
                if not held:
                    self._flight.leave()

    def _respond(self, request: Message, payload: bytes) -> None:
        if request.id is None:
            return
        try:
            self._channel._transmit(payload, None)
        except Disconnected:
            pass  # the asker is gone; the reading thread reports it
        except ChannelError as error:
            log.warning("%s", error)
            if error.code == "send_failed":
                detail = ErrorDetail(HANDLER_FAILED, error.message)
                small = self._channel._encode(Message("response", None, id=request.id, error=detail))
                self._try(small)

    def _try(self, payload: bytes) -> None:
        try:
            self._channel._transmit(payload, None)
        except ChannelError as error:
            log.warning("%s", error)
