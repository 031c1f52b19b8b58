"""The same client for programs without asyncio.

    from soundpost import SetParam
    from soundpost.blocking import connect

    with connect("127.0.0.1:5000") as node:
        node.ask(SetParam("gain#1", "gainDb#0", -6))
        for event in node.subscribe("param_update"):
            print(event)

One thread of its own runs the connection; all methods may be called from any thread.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from types import TracebackType
from typing import Any, Coroutine, Dict, Iterator, Optional, Type, TypeVar, Union

from . import client as _async
from .errors import ConnectionLost
from .messages import Event, Message, Request

A = TypeVar("A", bound=Message)
T = TypeVar("T")


class Subscription(Iterator[Event]):
    """Events of a node; iterating waits for the next one and ends with the connection."""

    def __init__(self, client: Client, events: _async.Subscription) -> None:
        self._client = client
        self._events = events

    def __next__(self) -> Event:
        event = self.next()
        if event is None:
            raise StopIteration
        return event

    def next(self, timeout: Optional[float] = None) -> Optional[Event]:
        """The next event; None at the end. Raises TimeoutError when none comes in time; none is lost by that."""
        if self._client.is_closed:
            return None
        return self._client._run(self._next(timeout))

    async def _next(self, timeout: Optional[float]) -> Optional[Event]:
        try:
            return await asyncio.wait_for(self._events.__anext__(), timeout)
        except StopAsyncIteration:
            return None
        except asyncio.TimeoutError:
            raise TimeoutError("no event came in time") from None


class Client:
    """A connection to a node. Made by `connect`."""

    def __init__(self, connecting: _async.Connecting) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="soundpost", daemon=True)
        self._thread.start()
        try:
            self._client = self._run(self._connect(connecting))
        except BaseException:
            self._stop()
            raise

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    @property
    def is_closed(self) -> bool:
        return self._loop.is_closed()

    def ask(self, request: Request[A], timeout: float = 10.0) -> A:
        """Sends a request and waits for its answer. Raises what `soundpost.Client.ask` raises."""
        return self._run(self._client.ask(request, timeout))

    def ask_raw(self, type_: str, timeout: float = 10.0, **fields: Any) -> Dict[str, Any]:
        """Sends a message of any type, fields by their wire names, and gives the answer's JSON object."""
        return self._run(self._client.ask_raw(type_, timeout, **fields))

    def subscribe(self, *types: Union[str, Type[Event]], waiting: int = 4096, meters: int = 64) -> Subscription:
        """What the node sends by itself from now on. See `soundpost.Client.subscribe`."""
        return Subscription(self, self._run(self._subscribe(types, waiting, meters)))

    def close(self) -> None:
        """Ends the connection."""
        if self.is_closed:
            return
        self._run(self._client.close())
        self._stop()

    @staticmethod
    async def _connect(connecting: _async.Connecting) -> _async.Client:
        return await connecting

    async def _subscribe(self, types: Any, waiting: int, meters: int) -> _async.Subscription:
        return self._client.subscribe(*types, waiting=waiting, meters=meters)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        if self.is_closed:
            work.close()
            raise ConnectionLost("the client is closed; nothing was sent")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def connect(
    address: str = "127.0.0.1:5000",
    *,
    name: Optional[str] = None,
    token: Optional[str] = None,
    ssl_context: Optional[ssl.SSLContext] = None,
    timeout: float = 10.0,
) -> Client:
    """Connects to a node. See `soundpost.connect`."""
    return Client(_async.connect(address, name=name, token=token, ssl_context=ssl_context, timeout=timeout))
