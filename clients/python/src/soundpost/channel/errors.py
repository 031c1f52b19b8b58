"""What can go wrong on a channel. Every error names its channel; `code` is the stable name for programs."""

from __future__ import annotations

from types import TracebackType
from typing import Any, ClassVar, Optional, Type, TypeVar

from ..errors import SoundpostError

E = TypeVar("E", bound="ChannelError")


class ChannelError(SoundpostError):
    """The base of the errors of channels. `channel` is the channel's name, `message` the text without it."""

    code: ClassVar[str] = "io"

    def __init__(self, channel: str, message: str) -> None:
        super().__init__(f"channel {channel}: {message} [{self.code}]")
        self.channel = channel
        self.message = message

    def again(self: E) -> E:
        """The same error to be raised once more: an exception that two threads raise would mix their tracebacks."""
        return type(self)(self.channel, self.message)


class Disconnected(ChannelError):
    """The other end is gone, or never was there, or this end was closed. What came before was delivered."""

    code = "disconnected"


class SendFailed(ChannelError):
    """The message was not accepted: the queue is full under the policy "fail", or the message is too large."""

    code = "send_failed"


class ReceiveFailed(ChannelError):
    """What came breaks the rules of the wire. The channel is closed."""

    code = "receive_failed"


class ChannelTimeout(ChannelError, TimeoutError):
    """Nothing came, or nothing could be sent, in time. The channel goes on."""

    code = "timeout"


class ShuttingDown(ChannelError):
    """This end is shutting down and accepts nothing new."""

    code = "shutting_down"


class SerializationError(ChannelError):
    """One message could not be written or read as JSON. The channel goes on with the next one."""

    code = "serialization"


class ChannelIOError(ChannelError):
    """The operating system refused something; the text has its words."""

    code = "io"


class naming:
    """`with naming(channel, "listening"):` makes what the system refuses there a ChannelIOError of this channel, or
    Disconnected if it says that the other end is gone."""

    __slots__ = ("_channel", "_what")

    def __init__(self, channel: str, what: str) -> None:
        self._channel = channel
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if not isinstance(error, OSError) or isinstance(error, ChannelError):  # a ChannelTimeout is an OSError too
            return
        if isinstance(error, (BrokenPipeError, ConnectionResetError)):
            raise Disconnected(self._channel, "the other end is gone") from None
        raise ChannelIOError(self._channel, f"{self._what}: {error.strerror or error}") from error


UNKNOWN_METHOD = -32601
BAD_DATA = -32602
HANDLER_FAILED = -32603
HELPER_ENDS = -32000


class RequestError(SoundpostError):
    """The other end answered a request with an error; `code`, `message` and `data` are its words.

    A handler raises it to answer with a code of its own: `raise RequestError(BAD_DATA, "bands must be a list")`.
    """

    def __init__(self, code: int, message: str, data: Any = None, channel: Optional[str] = None) -> None:
        super().__init__(f"channel {channel}: {message} [{code}]" if channel else f"{message} [{code}]")
        self.code = code
        self.message = message
        self.data = data
        self.channel = channel
