"""The node under attack, and the files around it that must stay as they are and unread."""

import hashlib
import json
import os
import sys
import wave

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), *up) for up in ([".."], ["..", ".."])]
from control import ControlConnection  # noqa: E402
from node_process import Node  # noqa: E402

SECRET = "the-secret-that-must-not-leave-77c1e0"


class NotRun(Exception):
    """This machine cannot make an attack; says why."""


class Target:
    """`with Target(soundpost, work) as target:` WORK/outside holds secrets, WORK/outside/data is the data directory."""

    def __init__(self, soundpost: str, work: str) -> None:
        self.outside = f"{work}/outside"
        self.data = f"{self.outside}/data"
        self._plant()
        options = ["--log-level", "critical", "--source", "silence", "--page", f"{self.outside}/page"]
        self._node = Node(soundpost, self.data, options)

    def __enter__(self) -> "Target":
        self._node.__enter__()
        self.address = self._node.address
        self._print = self.fingerprint()
        self.first_memory = self.memory()
        return self

    def __exit__(self, *arguments: object) -> None:
        self._node.__exit__(*arguments)

    @property
    def has_ended(self) -> bool:
        return self._node.process.poll() is not None

    @property
    def exit_status(self) -> int | None:
        return self._node.process.returncode

    def connect(self, name: str | None = None) -> ControlConnection:
        return self._node.connect(name)

    def memory(self) -> int:
        """Resident bytes of the node."""
        with open(f"/proc/{self._node.process.pid}/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))

    def faults(self) -> list[str]:
        """What is wrong with the node or with the files around it."""
        if self.has_ended:
            return [f"the node ended with {self._node.process.returncode}"]
        try:
            client = self.connect()
            answer = client.request({"type": "ping"})
            client.close()
        except OSError as error:
            return [f"the node does not answer: {error}"]
        wrong = [] if answer["type"] == "pong" else [f"the node answers a ping with {answer}"]
        if self.fingerprint() != self._print:
            wrong.append("something outside the data directory has changed")
            self._print = self.fingerprint()
        return wrong

    @staticmethod
    def reveals(answer: bytes | str | dict) -> bool:
        text = json.dumps(answer) if isinstance(answer, dict) else answer
        data = text.encode() if isinstance(text, str) else text
        return SECRET.encode() in data or b"root:x:0:" in data

    def fingerprint(self) -> str:
        """Of everything outside the data directory: names, kinds, modes, contents."""
        digest = hashlib.sha256()
        for folder, folders, names in os.walk(self.outside):
            folders.sort()
            if folder == self.outside:
                folders.remove("data")
            for name in sorted(names + folders):
                path = os.path.join(folder, name)
                status = os.lstat(path)
                digest.update(f"{path} {status.st_mode:o} {status.st_nlink} {status.st_mtime_ns}\n".encode())
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as file:
                        digest.update(file.read())
        return digest.hexdigest()

    def _plant(self) -> None:
        plant_page(f"{self.outside}/page")
        for folder in ("secrets", "data/presets/gain#1", "data/profiles", "data/audio"):
            os.makedirs(f"{self.outside}/{folder}")
        preset = {"presetId": "preset", "name": SECRET, "params": {"gainDb#0": "-1"}}
        profile = {"profileId": "profile", "name": SECRET, "modulePresets": {}}
        for name, content in [("secret.txt", SECRET), ("secrets/preset.json", json.dumps(preset)),
                              ("secrets/profile.json", json.dumps(profile)), ("secrets/secret.js", SECRET),
                              ("secrets/secret.wav", SECRET)]:
            with open(f"{self.outside}/{name}", "w") as file:
                file.write(content)
        # The text as samples: loud, and found when its bytes get anywhere.
        write_wav(f"{self.outside}/secrets/loud.wav", (SECRET + "!" * (len(SECRET) % 2)).encode() * 4000)
        for link, end in [("presets/link", "../../secrets"), ("presets/gain#1/linked.json", "../../../secrets/preset.json"),
                          ("profiles/linked.json", "../../secrets/profile.json"), ("audio/linked.wav", "../../secrets/secret.wav"),
                          ("audio/dangling.wav", "../../secrets/made.wav")]:
            os.symlink(end, f"{self.data}/{link}")
        os.mkfifo(f"{self.data}/audio/pipe")
        os.symlink("../secrets/secret.js", f"{self.outside}/page/linked.js")
        os.symlink("../secrets", f"{self.outside}/page/secrets.js")
        os.mkfifo(f"{self.outside}/page/pipe.js")


def plant_page(folder: str) -> None:
    os.makedirs(folder)
    for name, content in [("index.html", "<!doctype html><title>page</title>"), ("app.js", "'use strict';")]:
        with open(f"{folder}/{name}", "w") as file:
            file.write(content)


def write_wav(path: str, samples: bytes) -> None:
    """16-bit stereo at 48 kHz."""
    with open(path, "wb") as file, wave.open(file) as sound:
        sound.setparams((2, 2, 48_000, 0, "NONE", ""))
        sound.writeframesraw(samples[:len(samples) // 4 * 4])
