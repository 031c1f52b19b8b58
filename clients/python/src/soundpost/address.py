"""Where a node listens."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from .errors import ConnectError

DEFAULT_PORT = 5000


@dataclass(frozen=True)
class Address:
    host: str
    port: int
    secure: bool

    @staticmethod
    def parse(text: str) -> Address:
        """Reads `HOST`, `HOST:PORT`, or a URL with http, https, ws or wss and without a path."""
        is_url = "://" in text
        try:
            parts = urlsplit(text if is_url else f"http://{text}")
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        extras = parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc
        if parts.scheme not in ("http", "https", "ws", "wss") or not parts.hostname or extras or port == 0:
            raise ConnectError(f"{text!r} is no address of a node; addresses look like http://127.0.0.1:5000")
        secure = parts.scheme in ("https", "wss")
        default = (443 if secure else 80) if is_url else DEFAULT_PORT
        return Address(parts.hostname, port or default, secure)

    @property
    def authority(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.authority}"
