"""What an extension of a node needs: a program that the node starts, and that answers its requests over a channel.

    from soundpost.extension import Extension, reading_arguments

    extension = Extension()

    @extension.handler("loudness.measure")
    def measure(data):
        with reading_arguments():
            samples = [float(sample) for sample in data["samples"]]
        extension.emit("progress", {"fraction": 0.5})
        return {"peak": max(samples)}

    extension.run()

Standard output and standard error are the extension's own and reach the node's log, unless the channel is `stdio`,
which speaks over standard output. The page docs/protocols/channel.md has the messages.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
import traceback
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple, TypeVar

from .channel import Channel, create_channel
from .channel.errors import (
    BAD_DATA,
    HANDLER_FAILED,
    HELPER_ENDS,
    UNKNOWN_METHOD,
    ChannelError,
    Disconnected,
    RequestError,
    SerializationError,
    ShuttingDown,
)
from .channel.message import Message
from .channel.names import CHANNEL_VARIABLE

__all__ = ["BadRequest", "Extension", "reading_arguments"]

Handler = Callable[[Any], Any]
H = TypeVar("H", bound=Handler)

_DRAIN_SECONDS = 1.0
_GRACE_VARIABLE = "SOUNDPOST_EXTENSION_GRACE"
_GRACE_SECONDS = 5.0


class BadRequest(Exception):
    """The request's data is not what the method takes: answered by −32602 with this text, and no traceback.

    The text begins with the field, and says what would be right: `bands: must be from 1 to 20, is 25`.
    """


@contextmanager
def reading_arguments() -> Iterator[None]:
    """`with reading_arguments():` around the code that reads a request's data makes its ValueError, TypeError,
    KeyError and IndexError a BadRequest. Around no more than that: elsewhere the same errors are faults of the
    extension."""
    try:
        yield
    except KeyError as error:
        raise BadRequest(f"{error.args[0] if error.args else 'a field'}: is missing") from error
    except (ValueError, TypeError, IndexError) as error:
        raise BadRequest(str(error) or type(error).__name__) from error


class Extension:
    """Serves the methods of one extension.

    Register handlers, then call `run`. A handler takes the request's data and returns the answer's, both JSON values.
    It runs on one of `threads` threads, so with more than one it may run several times at once; pings are answered
    meanwhile.

    `grace` is how many seconds running handlers have left, after SIGTERM or the end of the channel, before the program
    ends without them. Without it, what the node says (`graceSeconds` of its manifest, in SOUNDPOST_EXTENSION_GRACE),
    else 5. The node waits a second longer and then ends the program, so more than it says is of no use.
    """

    def __init__(self, threads: int = 1, grace: Optional[float] = None) -> None:
        if threads < 1:
            raise ValueError(f"threads must be 1 or more, not {threads}")
        self._threads = threads
        self._grace = _grace_of_node() if grace is None else grace
        self._handlers: Dict[str, Handler] = {}
        self._channel: Optional[Channel] = None
        self._requests: queue.Queue[Optional[Message]] = queue.Queue()
        self._stopping = threading.Event()
        self._failure: Optional[ChannelError] = None
        self._lock = threading.Lock()
        self._wake: Optional[Callable[[], None]] = None

    def handler(self, method: str) -> Callable[[H], H]:
        """Makes the decorated function answer requests for `method`. Raises ValueError if another one does already."""

        def register(function: H) -> H:
            if method in self._handlers:
                raise ValueError(f"{method} has a handler already")
            self._handlers[method] = function
            return function

        return register

    def emit(self, event: str, data: Any = None) -> None:
        """Sends an event to the node, which passes it on to its clients. From any thread, while `run` runs.

        Raises ChannelError when the node is gone, RuntimeError before `run`.
        """
        channel = self._channel
        if channel is None:
            raise RuntimeError("there is nobody to tell before run()")
        channel.emit(event, data)

    def stop(self) -> None:
        """Ends `run` as SIGTERM does. From any thread; before `run` it does nothing."""
        with self._lock:
            if self._wake is not None:
                self._wake()

    def run(self, channel: Optional[Channel] = None) -> None:
        """Connects as the environment says (or takes `channel`), announces the handlers, and serves until the end.

        Returns when the node ended the channel or went away, and after SIGTERM or SIGINT: what runs is finished then
        within the grace, unless the node is gone altogether, and what waits is answered by −32000. Call it once.
        Signals are taken only on the main thread; their former handlers come back.

        Raises ChannelError when there is no node to connect to, or when the channel broke.
        """
        if channel is None:
            channel = create_channel()
            if channel.kind == "thread":
                name, words = channel.name, f"no node started this program: {CHANNEL_VARIABLE} is not set"
                channel.close()
                raise Disconnected(name, words)
        self._channel = channel
        # Signal handlers may run between any two instructions of the main thread, so they take no lock: they write to a
        # pipe, on which the main thread waits.
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)

        def wake() -> None:
            try:
                os.write(wake_write, b"\0")
            except BlockingIOError:
                pass  # full, so the main thread is awake

        self._wake = wake
        former = _take_signals(wake)
        reader: Optional[threading.Thread] = None
        try:
            channel.ready(sorted(self._handlers))
            workers = [self._thread("worker", self._work, channel) for _ in range(self._threads)]
            reader = self._thread("reader", self._read, channel, wake)
            os.read(wake_read, 1)
            self._end(channel, workers)
        finally:
            for number, action in former:
                signal.signal(number, action)
            channel.close()  # which also wakes the reader
            if reader is not None:
                reader.join()
            with self._lock:  # nobody writes to the pipe from here on
                self._wake = None
                os.close(wake_read)
                os.close(wake_write)
        if self._failure is not None:
            raise self._failure

    # Inside

    def _thread(self, name: str, target: Callable[..., None], *arguments: Any) -> threading.Thread:
        """Daemons: the program may end while a handler computes for nobody."""
        thread = threading.Thread(target=target, args=arguments, name=f"extension {name}", daemon=True)
        thread.start()
        return thread

    def _read(self, channel: Channel, wake: Callable[[], None]) -> None:
        while True:
            try:
                message = channel.receive()
            except SerializationError as error:
                _log(str(error))
                continue
            except ChannelError as error:
                if not isinstance(error, (Disconnected, ShuttingDown)):
                    self._failure = error
                self._stopping.set()
                wake()
                return
            if message.type != "request":
                continue
            if self._stopping.is_set():
                self._refuse(channel, message, HELPER_ENDS, "the extension is shutting down")
            else:
                self._requests.put(message)

    def _work(self, channel: Channel) -> None:
        while True:
            request = self._requests.get()
            if request is None:
                return
            if self._stopping.is_set():
                self._refuse(channel, request, HELPER_ENDS, "the extension is shutting down")
            else:
                self._serve(channel, request)

    def _serve(self, channel: Channel, request: Message) -> None:
        function = self._handlers.get(request.method or "")
        if function is None:
            offered = ", ".join(sorted(self._handlers)) or "nothing"
            self._refuse(channel, request, UNKNOWN_METHOD, f"unknown method {request.method!r}; offered: {offered}")
            return
        try:
            answer = function(request.data)
        except BadRequest as error:
            self._refuse(channel, request, BAD_DATA, str(error))
        except RequestError as error:
            self._refuse(channel, request, error.code, error.message, error.data)
        except (Disconnected, ShuttingDown):
            # The handler told of an event when that was not possible any more.
            self._refuse(channel, request, HELPER_ENDS, "the extension is shutting down")
        except BaseException as error:  # sys.exit, too: only this thread would end, and nobody would know
            traceback.print_exc(file=sys.stderr)
            self._refuse(channel, request, HANDLER_FAILED, f"{type(error).__name__}: {error}")
        else:
            self._respond(channel, request, answer)

    def _respond(self, channel: Channel, request: Message, answer: Any) -> None:
        if request.id is None:
            return
        try:
            channel.respond(request, answer)
        except (Disconnected, ShuttingDown):
            pass
        except ChannelError as error:  # no JSON, or too large
            _log(f"the answer to {request.method} was not sent: {error.message}")
            self._refuse(channel, request, HANDLER_FAILED, f"the answer cannot be sent: {error.message}")

    def _refuse(self, channel: Channel, request: Message, code: int, text: str, data: Any = None) -> None:
        if request.id is None:
            return
        try:
            channel.respond_error(request, code, text, data)
        except (Disconnected, ShuttingDown):
            pass
        except ChannelError as error:
            _log(f"the refusal of {request.method} was not sent: {error.message}")

    def _end(self, channel: Channel, workers: List[threading.Thread]) -> None:
        """Running handlers have their grace, unless there is nobody to answer any more."""
        self._stopping.set()
        for _ in workers:
            self._requests.put(None)
        if self._failure is not None or channel.is_cut:
            return
        deadline = time.monotonic() + self._grace
        for worker in workers:
            worker.join(max(0.0, deadline - time.monotonic()))
        channel.shutdown()
        try:
            channel.wait_for_drain(_DRAIN_SECONDS)
        except Disconnected as error:
            _log(str(error))


def _grace_of_node() -> float:
    try:
        seconds = float(os.environ.get(_GRACE_VARIABLE, ""))
    except ValueError:
        return _GRACE_SECONDS
    return seconds if 0 <= seconds <= 3600 else _GRACE_SECONDS


def _take_signals(wake: Callable[[], None]) -> List[Tuple[int, Any]]:
    """SIGTERM and SIGINT call `wake`. Returns what they did before; nothing off the main thread, which alone may."""
    if threading.current_thread() is not threading.main_thread():
        return []

    def act(number: int, frame: Any) -> None:
        wake()

    # A signal that was ignored stays ignored: a shell starts background programs with SIGINT off.
    numbers = [number for number in (signal.SIGTERM, signal.SIGINT) if signal.getsignal(number) != signal.SIG_IGN]
    return [(number, signal.signal(number, act)) for number in numbers]


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
