"""What can go wrong between a client and a node."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class SoundpostError(Exception):
    """The base of all errors of this package."""


class NodeError(SoundpostError):
    """The node said no; nothing has changed.

    `code` is a stable name for programs, `message` says what was wrong and what would be right, `field` is the path of the
    offending field or None.
    """

    def __init__(self, code: str, message: str, field: Optional[str] = None) -> None:
        super().__init__(f"{field}: {message} [{code}]" if field else f"{message} [{code}]")
        self.code = code
        self.message = message
        self.field = field

    @staticmethod
    def in_answer(answer: Mapping[str, Any]) -> Optional[NodeError]:
        """The refusal in an answer: an `error` message, or an acknowledgement whose `success` is false."""
        if answer.get("type") == "error":
            words = answer.get("message")
        elif answer.get("success") is False:
            words = answer.get("error")
        else:
            return None
        text = words if isinstance(words, str) else "The node refused without saying why."
        code, field = answer.get("code"), answer.get("field")
        return NodeError(
            code if isinstance(code, str) else "internal_error", text, field if isinstance(field, str) else None
        )


class ConnectError(SoundpostError):
    """There is no connection: nothing listens, the certificate is not trusted, or the node refused.

    `refusal` has the node's own words when it refused: a wrong token, a foreign host name.
    """

    def __init__(self, message: str, refusal: Optional[NodeError] = None) -> None:
        super().__init__(message)
        self.refusal = refusal


class ConnectionLost(SoundpostError):
    """The connection ended. Whether the node did what it was asked is not known."""


class AnswerTimeout(SoundpostError, TimeoutError):
    """No answer came in time. Whether the node did what it was asked is not known."""


class BadAnswer(SoundpostError):
    """The answer is none that this version understands."""
