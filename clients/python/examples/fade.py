"""Fades a gain down by 6 dB in three seconds and prints the level before and after it.

    python fade.py [ADDRESS]
"""

import asyncio
import sys

import soundpost


async def main(address: str) -> None:
    async with soundpost.connect(address, name="fade") as node:
        before = await node.ask(soundpost.GetParam("gain#1", "gainDb#0"))
        start = float(before.value or 0)
        for step in range(1, 31):
            await node.ask(soundpost.SetParam("gain#1", "gainDb#0", start - 0.2 * step))
            await asyncio.sleep(0.1)
        after = await node.ask(soundpost.GetParam("gain#1", "gainDb#0"))
        print(f"{before.value} dB → {after.value} dB")


try:
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:5000"))
except soundpost.SoundpostError as error:
    sys.exit(f"fade: {error}")
