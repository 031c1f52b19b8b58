"""Client of the Soundpost control API: typed requests, events, an asyncio and a blocking face. Standard library only.

    import asyncio
    import soundpost

    async def main() -> None:
        async with soundpost.connect("127.0.0.1:5000", name="desk") as node:
            await node.ask(soundpost.SetParam("gain#1", "gainDb#0", -6))

    asyncio.run(main())
"""

from .client import Client, Connecting, Subscription, connect
from .errors import AnswerTimeout, BadAnswer, ConnectError, ConnectionLost, NodeError, SoundpostError
from .messages import *  # noqa: F403
from .messages import __all__ as _messages

__all__ = [
    "AnswerTimeout",
    "BadAnswer",
    "Client",
    "ConnectError",
    "Connecting",
    "ConnectionLost",
    "NodeError",
    "SoundpostError",
    "Subscription",
    "connect",
    *_messages,
]
__version__ = "0.1.0"
