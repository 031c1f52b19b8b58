"""A message and its JSON, with the limits of docs/protocols/channel.md."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple, Union

from .errors import SerializationError

MAXIMUM_BYTES = 16 * 1024 * 1024
"""The most bytes of UTF-8 that a message may have."""
MAXIMUM_DEPTH = 32
"""The most levels of nesting; the message itself is the first."""

TYPES = frozenset({"request", "response", "event", "ping", "pong", "data", "ready"})
NOWHERE = "-"
"""What errors say in place of a channel's name when a message is read or written without one."""


@dataclass
class ErrorDetail:
    """Why a request failed: a code of JSON-RPC 2.0 or one of the helper's own, words for people, and data if any."""

    code: int
    message: str
    data: Any = None


@dataclass
class Message:
    """One message of a channel.

    `data` is any JSON value: None, bool, int, finite float, str, list or tuple, dict with str keys. Members that do not
    apply are None and are not written; `data` always is.
    """

    type: str
    data: Any = None
    id: Optional[str] = None
    method: Optional[str] = None
    event: Optional[str] = None
    error: Optional[ErrorDetail] = None

    def to_json(self, channel: str = NOWHERE) -> bytes:
        """The message as UTF-8 without a line end. Raises SerializationError, also for more than 16 MiB."""
        payload = encode(self, channel)
        if len(payload) > MAXIMUM_BYTES:
            raise SerializationError(channel, f"the message has {len(payload)} bytes, more than {MAXIMUM_BYTES}")
        return payload

    @classmethod
    def from_json(cls, payload: Union[bytes, bytearray, str], channel: str = NOWHERE) -> Message:
        """Reads a message. Raises SerializationError for whatever is none; unknown members are ignored."""
        try:
            return _read(payload.encode() if isinstance(payload, str) else payload)
        except _Malformed as error:
            raise SerializationError(channel, str(error)) from None
        except RecursionError:
            raise SerializationError(channel, f"nesting is deeper than {MAXIMUM_DEPTH} levels") from None
        except ValueError as error:  # JSONDecodeError, UnicodeError and numbers with too many digits are ValueErrors
            raise SerializationError(channel, f"no JSON: {error}") from None


class _Malformed(Exception):
    """A rule of the page on messages is broken; says which."""


def encode(message: Message, channel: str) -> bytes:
    """The message's JSON whatever its size. Raises SerializationError."""
    try:
        fields = _fields(message)
        _check_tree(fields)
        text = json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False)
        return text.encode("utf-8")
    except _Malformed as error:
        raise SerializationError(channel, str(error)) from None
    except (ValueError, TypeError, RecursionError) as error:
        raise SerializationError(channel, f"not to be written as JSON: {error}") from None


def _fields(message: Message) -> Dict[str, Any]:
    if message.type not in TYPES:
        raise _Malformed(f"unknown message type {message.type!r}; there are {', '.join(sorted(TYPES))}")
    fields: Dict[str, Any] = {"type": message.type}
    for member in ("id", "method", "event"):
        value = getattr(message, member)
        if value is not None:
            if not isinstance(value, str):
                raise _Malformed(f"{member} must be a string, not {value!r}")
            fields[member] = value
    fields["data"] = message.data
    if message.error is not None:
        detail = message.error
        if not _is_code(detail.code) or not isinstance(detail.message, str):
            raise _Malformed("error must have an integer code of 64 bits and a string message")
        fields["error"] = {"code": detail.code, "message": detail.message}
        if detail.data is not None:
            fields["error"]["data"] = detail.data
    return fields


def _is_code(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(1 << 63) <= value < 1 << 63


def _check_tree(root: Any) -> None:
    """Refuses keys that are no strings (json would turn 1 and "1" into the same key) and what is nested too deep.

    It goes level by level, so that something which contains itself ends at the limit.
    """
    level: List[Any] = [root]
    for _ in range(MAXIMUM_DEPTH):
        below: List[Any] = []
        for container in level:
            if isinstance(container, dict):
                for key in container:
                    if not isinstance(key, str):
                        raise _Malformed(f"an object's key must be a string, not {key!r}")
                container = container.values()
            below += [value for value in container if isinstance(value, (dict, list, tuple))]
        if not below:
            return
        # An object that stands in one level many times is looked at once: references may multiply at each level.
        level = list({id(value): value for value in below}.values())
    raise _Malformed(f"nesting is deeper than {MAXIMUM_DEPTH} levels")


def _object(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _Malformed("a key occurs twice in one object")
    return fields


def _constant(name: str) -> Any:
    raise _Malformed(f"{name} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise _Malformed(f"the number {text[:40]} is too large")
    return value


def _integer(text: str) -> int:
    if len(text) >= LARGEST_DIGITS:
        _finite(text)
    return int(text)


LARGEST_DIGITS = 309
"""As many digits has the largest double."""

# A call for each number with a point or exponent; to look for large ones in the text first would cost more. A call for
# each integer only where one too large has room.
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite)
_LONG_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite, parse_int=_integer
)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _read(payload: Union[bytes, bytearray]) -> Message:
    if len(payload) > MAXIMUM_BYTES:
        raise _Malformed(f"the message has {len(payload)} bytes, more than {MAXIMUM_BYTES}")
    decoder = _DECODER if len(payload) < LARGEST_DIGITS else _LONG_DECODER
    fields = decoder.decode(payload.decode("utf-8"))
    if not isinstance(fields, dict):
        raise _Malformed("a message is a JSON object")
    if payload.count(b"{") + payload.count(b"[") > MAXIMUM_DEPTH:
        _check_tree(fields)
    if b"\\u" in payload and _SURROGATE.search(payload):
        json.dumps(fields, ensure_ascii=False).encode("utf-8")  # refuses a surrogate without its other half
    kind = fields.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise _Malformed(f"unknown message type {str(kind)[:40]!r}; there are {', '.join(sorted(TYPES))}")
    return Message(
        kind,
        fields.get("data"),
        _string(fields, "id"),
        _string(fields, "method"),
        _string(fields, "event"),
        _error(fields),
    )


def _string(fields: Dict[str, Any], member: str) -> Optional[str]:
    if member not in fields:
        return None
    value = fields[member]
    if not isinstance(value, str):
        raise _Malformed(f"{member} must be a string")
    return value


def _error(fields: Dict[str, Any]) -> Optional[ErrorDetail]:
    if "error" not in fields:
        return None
    error = fields["error"]
    if not isinstance(error, dict) or not _is_code(error.get("code")) or not isinstance(error.get("message"), str):
        raise _Malformed("error must be an object with an integer code and a string message")
    return ErrorDetail(error["code"], error["message"], error.get("data"))
