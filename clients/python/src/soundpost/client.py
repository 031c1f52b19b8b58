"""One connection to a node, for asyncio."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Any, AsyncIterator, Deque, Dict, Generator, List, Optional, Set, Tuple, Type, TypeVar, Union, cast

from . import coding, websocket
from .address import Address
from .errors import AnswerTimeout, BadAnswer, ConnectError, ConnectionLost, NodeError
from .messages import EVENTS, METERS, Event, Message, Missed, Request, Unknown

A = TypeVar("A", bound=Message)
_NAME = re.compile(r"(?!ws-)[A-Za-z0-9_.#-]{1,64}\Z")
_TOKEN = re.compile(r"[!-~]+\Z")


class Subscription(AsyncIterator[Event]):
    """The events of a node from now on, in order; ends with the connection.

    Bounded: of meters and log lines that wait the oldest give way silently, of other events too, and then the reader gets
    a `Missed`. Answers never wait here and are never dropped.
    """

    def __init__(self, client: Client, types: Tuple[Union[str, Type[Event]], ...], waiting: int, meters: int) -> None:
        self._client = client
        self._types = {kind if isinstance(kind, str) else kind.TYPE for kind in types}
        self._limits = (max(waiting, 1), max(meters, 1))
        self._events: Deque[Event] = deque()
        self._meters = 0
        self._missed = 0
        self._ready = asyncio.Event()
        self._ended = False

    def close(self) -> None:
        """Takes nothing more; what waits can still be read."""
        self._ended = True
        self._ready.set()
        self._client._subscriptions.discard(self)

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Event:
        while True:
            if self._missed:
                missed, self._missed = self._missed, 0
                return Missed(missed)
            if self._events:
                event = self._events.popleft()
                self._meters -= isinstance(event, METERS)
                return event
            if self._ended:
                raise StopAsyncIteration
            self._ready.clear()
            await self._ready.wait()

    def _wants(self, type_: str) -> bool:
        return not self._types or type_ in self._types

    def _put(self, event: Event) -> None:
        is_meter = isinstance(event, METERS)
        limit = self._limits[is_meter]
        if (self._meters if is_meter else len(self._events) - self._meters) >= limit:
            oldest = next(old for old in self._events if isinstance(old, METERS) == is_meter)
            self._events.remove(oldest)
            self._missed += not is_meter
        else:
            self._meters += is_meter
        self._events.append(event)
        self._ready.set()


class Client:
    """A connection to a node. Made by `connect`; any number of tasks may ask at once."""

    def __init__(self, address: Address, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.address = address
        self._reader = reader
        self._writer = writer
        self._waiting: Dict[int, asyncio.Future[Dict[str, Any]]] = {}
        self._last_id = 0
        self._subscriptions: Set[Subscription] = set()
        self._lost: Optional[str] = None
        self._reading: Optional[asyncio.Task[None]] = None

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.close()

    @property
    def is_connected(self) -> bool:
        return self._lost is None

    async def ask(self, request: Request[A], timeout: float = 10.0) -> A:
        """Sends a request and waits for its answer.

        Raises NodeError when the node refuses (nothing has changed), AnswerTimeout and ConnectionLost when the outcome is
        not known.
        """
        answer = await self._answer(request.TYPE, coding.to_json(request), timeout)
        if answer.get("type") != request.ANSWER.TYPE:
            raise BadAnswer(f"{request.TYPE} was answered with {answer.get('type')}")
        try:
            return cast(A, coding.from_json(request.ANSWER, answer))
        except ValueError as error:
            raise BadAnswer(f"the answer to {request.TYPE} cannot be read: {error}") from error

    async def ask_raw(self, type_: str, timeout: float = 10.0, **fields: Any) -> Dict[str, Any]:
        """Sends a message of any type, fields by their wire names, and gives the answer's JSON object."""
        return await self._answer(type_, fields, timeout)

    def subscribe(
        self, *types: Union[str, Type[Event]], waiting: int = 4096, meters: int = 64
    ) -> Subscription:
        """What the node sends by itself from now on: events of these types, or all.

        Take it before you read the state that the events change, and nothing is lost between the two. Meters come only
        after `DebugSubscribe`. `waiting` and `meters` are the most events that wait for a slow reader.
        """
        subscription = Subscription(self, types, waiting, meters)
        if self._lost is None:
            self._subscriptions.add(subscription)
        else:
            subscription.close()
        return subscription

    async def close(self) -> None:
        """Ends the connection. Requests that still wait raise ConnectionLost."""
        if self._reading is None:
            return
        if self._lost is None:
            with suppress(OSError):
                self._writer.write(websocket.encode_close())
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._reading), 2)
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        self._end("the client was closed")
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _answer(self, type_: str, fields: Dict[str, Any], timeout: float) -> Dict[str, Any]:
        if self._lost is not None:
            raise ConnectionLost(f"there is no connection to {self.address}: {self._lost}; nothing was sent")
        self._last_id += 1
        number = self._last_id
        frame = websocket.encode_text({**fields, "type": type_, "requestId": number})
        waiter: asyncio.Future[Dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiter
        try:
            self._writer.write(frame)
            answer = await asyncio.wait_for(waiter, timeout)
        except asyncio.TimeoutError:
            words = f"the node did not answer {type_} within {timeout} s; whether it did it is not known"
            raise AnswerTimeout(words) from None
        finally:
            self._waiting.pop(number, None)
        refusal = NodeError.in_answer(answer)
        if refusal is not None:
            raise refusal
        return answer

    async def _read(self, first: List[websocket.Frame], frames: websocket.FrameReader) -> None:
        reason = "the node closed the connection"
        try:
            while True:
                for frame in first:
                    if frame.opcode == websocket.TEXT:
                        self._take(frame.payload)
                    elif frame.opcode == websocket.PING:
                        self._writer.write(websocket.encode_frame(websocket.PONG, frame.payload))
                    elif frame.opcode == websocket.CLOSE:
                        reason = f"the node closed the connection: {frame.close_reason}"
                        self._writer.write(websocket.encode_close())
                        return
                data = await self._reader.read(1 << 16)
                if not data:
                    return
                first = frames.feed(data)
        except (OSError, websocket.ProtocolError) as error:
            reason = str(error)
        finally:
            self._end(reason)

    def _take(self, payload: bytes) -> None:
        try:
            message = json.loads(payload)
        except ValueError as error:
            raise websocket.ProtocolError(f"a message is no JSON: {error}") from error
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise websocket.ProtocolError("a message is no object with a type")
        if "requestId" in message:
            waiter = self._waiting.get(message["requestId"])
            if waiter is not None and not waiter.done():
                waiter.set_result(message)
            return
        wanting = [reader for reader in self._subscriptions if reader._wants(message["type"])]
        if wanting:
            event = _event(message)
            for reader in wanting:
                reader._put(event)

    def _end(self, reason: str) -> None:
        if self._lost is not None:
            return
        self._lost = reason
        error = f"the connection to {self.address} was lost: {reason}; whether the node did what it was asked is not known"
        for waiter in self._waiting.values():
            if not waiter.done():
                waiter.set_exception(ConnectionLost(error))
        for subscription in list(self._subscriptions):
            subscription.close()
        self._writer.close()


def _event(message: Dict[str, Any]) -> Event:
    kind = EVENTS.get(message["type"])
    if kind is None:
        return Unknown(message["type"], message)
    try:
        return cast(Event, coding.from_json(kind, message))
    except ValueError:
        return Unknown(message["type"], message)  # a newer node's


class Connecting:
    """What `connect` gives: `await` it for a Client that you close, or use it with `async with`."""

    def __init__(
        self,
        address: str,
        name: Optional[str],
        token: Optional[str],
        ssl_context: Optional[ssl.SSLContext],
        timeout: float,
    ) -> None:
        self._address = address
        self._name = name
        self._token = token
        self._ssl = ssl_context
        self._timeout = timeout
        self._client: Optional[Client] = None

    def __await__(self) -> Generator[Any, None, Client]:
        return self._connect().__await__()

    async def __aenter__(self) -> Client:
        self._client = await self._connect()
        return self._client

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self._client is not None:
            await self._client.close()

    async def _connect(self) -> Client:
        address = Address.parse(self._address)
        if self._name is not None and not _NAME.match(self._name):
            raise ConnectError(f"{self._name!r} is no name: 1 to 64 letters, digits and _ . # -, not beginning with ws-")
        if self._token is not None and not _TOKEN.match(self._token):
            raise ConnectError("an access token is one word of printable ASCII characters")
        try:
            return await asyncio.wait_for(self._open(address), self._timeout)
        except asyncio.TimeoutError:
            raise ConnectError(f"{address} did not answer within {self._timeout} s") from None
        except ssl.SSLCertVerificationError as error:
            raise ConnectError(f"{address} does not prove that it is the node: {error.verify_message}") from error
        except (OSError, websocket.ProtocolError, asyncio.IncompleteReadError) as error:
            raise ConnectError(f"no node can be reached at {address}: {error}") from error

    async def _open(self, address: Address) -> Client:
        context = (self._ssl or ssl.create_default_context()) if address.secure else None
        reader, writer = await asyncio.open_connection(
            address.host, address.port, ssl=context, limit=websocket.LONGEST_HEAD
        )
        try:
            fields = {"Authorization": f"Bearer {self._token}"} if self._token else {}
            query = f"?client={self._name.replace('#', '%23')}" if self._name else ""
            handshake = websocket.Handshake(address.authority, f"/ws{query}", fields)
            writer.write(handshake.request)
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.LimitOverrunError as error:
                raise websocket.ProtocolError("the answer's header is too long") from error
            status, answer = websocket.parse_head(head[:-4])
            if status != 101:
                raise await _refusal(address, status, answer, reader)
            handshake.check(status, answer)
        except BaseException:
            writer.close()
            raise
        client = Client(address, reader, writer)
        client._reading = asyncio.create_task(client._read([], websocket.FrameReader()))
        return client


async def _refusal(
    address: Address, status: int, fields: Dict[str, str], reader: asyncio.StreamReader
) -> ConnectError:
    length = fields.get("content-length", "0")
    size = min(int(length), websocket.LONGEST_HEAD) if length.isdigit() else 0
    try:
        body = json.loads(await reader.readexactly(size))
        refusal = NodeError.in_answer(body) if isinstance(body, dict) else None
    except ValueError:
        refusal = None
    return ConnectError(f"{address} refused: {refusal or f'HTTP status {status}'}", refusal)


def connect(
    address: str = "127.0.0.1:5000",
    *,
    name: Optional[str] = None,
    token: Optional[str] = None,
    ssl_context: Optional[ssl.SSLContext] = None,
    timeout: float = 10.0,
) -> Connecting:
    """Connects to a node.

    `address` is HOST, HOST:PORT or a URL; `name` is what the node's history knows this client by, and what undo goes by;
    `token` is the node's access token; `ssl_context` says whom to believe when the address is https or wss, such as
    `ssl.create_default_context(cafile="studio-ca.pem")`. Raises ConnectError.
    """
    return Connecting(address, name, token, ssl_context, timeout)
