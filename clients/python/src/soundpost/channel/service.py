"""The one thread that calls a channel's handlers."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional

from .answers import Answers
from .errors import (
    HANDLER_FAILED,
    UNKNOWN_METHOD,
    ChannelError,
    Disconnected,
    RequestError,
    SerializationError,
    ShuttingDown,
)
from .message import ErrorDetail, Message
from .reception import Item, Reception

if TYPE_CHECKING:
    from .channel import Channel

log = logging.getLogger("soundpost.channel")


class Service:
    """Handlers, and the thread that starts with the first of them. It reads for them, and never waits for sending."""

    def __init__(self, channel: Channel, reception: Reception, answers: Answers) -> None:
        self._channel = channel
        self._reception = reception
        self._answers = answers
        self._lock = threading.Lock()
        self._methods: Dict[str, Callable[[Any], Any]] = {}
        self._listeners: List[Callable[[Message], Any]] = []
        self._thread: Optional[threading.Thread] = None
        self._ended = threading.Event()
        self.answering: Optional[Message] = None
        """The request that a handler works on: it may be answered although shutdown has begun."""

    def on_message(self, handler: Callable[[Message], Any]) -> None:
        self._listeners = [*self._listeners, handler]
        self._reception.listen()
        self.start()

    def handle(self, method: str, function: Callable[[Any], Any]) -> None:
        self._methods[method] = function
        self._reception.serve(method)
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
                item = self._reception.take_work()
                if item is not None:
                    try:
                        if item.held and isinstance(item.content, Message):
                            self.answering = item.content
                        self._dispatch(item)
                    finally:
                        self.answering = None
                        if item.held:
                            self._answers.drop()
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
        elif message.type == "request" and message.id is not None and not item.held:
            log.debug("channel %s: %s came too late to be answered", self._channel.name, message.method)
        elif message.type == "request" and message.method in self._methods:
            self._answer(message, self._methods[message.method or ""])
        elif self._listeners:
            for listener in self._listeners:
                try:
                    listener(message)
                except (Disconnected, ShuttingDown) as end:
                    log.debug("%s", end)  # the thread sees the same end, when it has served what came before it
                except Exception:
                    log.exception("channel %s: a handler of messages failed", self._channel.name)
        else:
            self._refuse(message, ErrorDetail(UNKNOWN_METHOD, f"nobody handles {message.method}"))

    def _answer(self, request: Message, function: Callable[[Any], Any]) -> None:
        try:
            answer = Message("response", function(request.data), id=request.id)
            if request.id is not None:
                self._answers.post(answer)
        except RequestError as error:
            self._refuse(request, ErrorDetail(error.code, error.message, error.data))
        except Exception as error:
            log.exception("channel %s: the handler of %s failed", self._channel.name, request.method)
            text = error.message if isinstance(error, ChannelError) else f"{type(error).__name__}: {error}"
            self._refuse(request, ErrorDetail(HANDLER_FAILED, text))

    def _refuse(self, request: Message, detail: ErrorDetail) -> None:
        if request.id is None:
            return
        try:
            self._answers.post(Message("response", None, id=request.id, error=detail))
        except ChannelError as error:
            log.warning("%s", error)
            detail = ErrorDetail(HANDLER_FAILED, "the handler's error is no JSON, or too large")
            self._answers.post(Message("response", None, id=request.id, error=detail))
