"""Threat 5 in the folder of audio files: a file turns into a link and back while the node plays, records and exports it."""

import array
import io
import os
import threading
import time
import zipfile
from collections.abc import Callable

import raw
from target import Target, write_wav
from watch import Watch

PLAYED, RECORDED, HEARD = "swapped.wav", "recorded.wav", "heard.wav"
SECONDS = 0.06  # of each recording
LOUD = 0.01  # the node's own file is silent; the secret is not


def swapped(target: Target, rounds: int) -> tuple[int, list[str]]:
    """5: the file that is played and the one that is written to turn into links to a secret recording. It is never heard,
    exported or even opened, and stays as it is."""
    folder = f"{target.data}/audio"
    os.makedirs(folder, exist_ok=True)
    temporary = f"{target.data}/being-swapped"
    write_wav(temporary, bytes(19_200))
    with open(temporary, "rb") as file:
        plain = {PLAYED: file.read(), RECORDED: b""}
    os.unlink(temporary)
    done = threading.Event()
    swapper = threading.Thread(target=_swap, args=(folder, temporary, plain, done))
    wrong: list[str] = []
    tried = played = 0
    client = target.connect()
    try:
        with Watch(f"{target.outside}/secrets") as watch:
            swapper.start()
            for number in range(rounds):
                # In turn: what is recorded can only be heard in a file that stays.
                output = RECORDED if number % 2 else HEARD
                wrong += _play(client.request, output, target)
                played += os.path.exists(f"{folder}/{HEARD}")
                wrong += _heard(f"{folder}/{HEARD}")
                tried += 1
                if number % 5 == 0:
                    wrong += _exported(target)
                    tried += 1
            done.set()
            swapper.join()
            wrong += [f"the node opened secrets/{name}" for name in sorted(watch.opened())]
    finally:
        done.set()
    if not played:
        wrong.append("the node never played the file, so that nothing was tried")
    client.close()
    for name in (PLAYED, RECORDED, HEARD):
        if os.path.lexists(f"{folder}/{name}"):
            os.unlink(f"{folder}/{name}")
    return tried, wrong


def _swap(folder: str, temporary: str, plain: dict[str, bytes], done: threading.Event) -> None:
    """File, link, file, link, …: each name is there at every moment, as one or the other."""
    while not done.is_set():
        for name in plain:
            os.symlink("../../secrets/loud.wav", temporary)
            os.replace(temporary, f"{folder}/{name}")
        time.sleep(0.0002)
        for name, content in plain.items():
            with open(temporary, "wb") as file:
                file.write(content)
            os.replace(temporary, f"{folder}/{name}")
        # Longer than the link: the node looks more than once, and is to get past its first look.
        time.sleep(0.001)


def _play(request: Callable[[dict], dict], output: str, target: Target) -> list[str]:
    started = request({"type": "sim_start", "input": {"type": "file", "path": PLAYED, "loop": True},
                       "output": {"type": "file", "path": output}})
    time.sleep(SECONDS)
    stopped = request({"type": "sim_stop"})
    return [f"{answer.get('type')}: {str(answer)[:200]}" for answer in (started, stopped)
            if target.reveals(answer) or answer.get("code") == "internal_error"]


def _heard(path: str) -> list[str]:
    """A float WAV, as the node writes it."""
    if not os.path.exists(path):
        return []  # the node refused to play
    with open(path, "rb") as file:
        data = file.read()
    os.unlink(path)
    start = data.find(b"data") + 8
    samples = array.array("f", data[start:start + (len(data) - start) // 4 * 4])
    return ["the secret recording was played"] if any(abs(sample) > LOUD for sample in samples) else []


def _exported(target: Target) -> list[str]:
    exchange = raw.Exchange(target.address)
    status, answer = exchange.ask(raw.get(target.address, b"/api/archive"))
    exchange.close()
    if status != 200:
        # The file became a link after it was listed: that export is given up.
        return [] if status in (503, 507) and not target.reveals(answer) else [f"GET /api/archive: {answer[:200]!r}"]
    archive = zipfile.ZipFile(io.BytesIO(answer.partition(b"\r\n\r\n")[2]))
    return [f"the exported {name} is the secret" for name in archive.namelist() if target.reveals(archive.read(name))]
