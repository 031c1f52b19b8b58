"""A node seen by a program: its values, chain, levels and spectrum, for tests that compare the page with the truth.

    api = Api(address, "tester")
    api.set("gain#1", "gainDb#0", -6)
    assert api.value("gain#1", "gainDb#0") == "-6"
    assert abs(api.rms("gain#1")[0] - -26) < 0.2

Everything is synchronous and rests on clients/python, which one thread of its own serves.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any, Callable, Optional, Union

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "clients" / "python" / "src"))

sys.path.insert(0, str(ROOT / "scripts"))

from control import ControlConnection  # noqa: E402
from soundpost import NodeError  # noqa: E402
from soundpost.blocking import Client, Subscription, connect  # noqa: E402

__all__ = ["Api", "Levels", "NodeError", "power_mean"]

SILENT_DB = -140.0
Scalar = Union[float, int, bool, str]


def power_mean(levels: list[float]) -> float:
    """The level in dB of the mean power of levels in dB."""
    mean = sum(10 ** (level / 10) for level in levels) / len(levels)
    return max(10 * math.log10(mean), SILENT_DB) if mean > 0 else SILENT_DB


class Levels:
    """What a module put out over some messages: per channel the RMS level of the time and the highest peak, in dB."""

    def __init__(self, rms: list[list[float]], peaks: list[list[float]]) -> None:
        self.rms = [power_mean(list(channel)) for channel in zip(*rms)]
        self.peak = [max(channel) for channel in zip(*peaks)]

    def __repr__(self) -> str:
        return f"rms {[round(db, 2) for db in self.rms]}, peak {[round(db, 2) for db in self.peak]}"


class Api:
    """One client of a node. `name` is what the history knows it by."""

    def __init__(self, address: str, name: str = "tester", token: Optional[str] = None) -> None:
        self.address = address
        self.name = name
        self.client: Client = connect(address, name=name, token=token)
        self._path = f"/ws?client={name}-meter" + (f"&token={token}" if token else "")

    @property
    def is_connected(self) -> bool:
        return not self.client.is_closed and self.client._client.is_connected

    def close(self) -> None:
        self.client.close()

    # messages

    def ask(self, type_: str, **fields: Any) -> dict[str, Any]:
        """The answer to a message; fields by their wire names. Raises NodeError when the node refuses."""
        return self.client.ask_raw(type_, **fields)

    def subscribe(self, *types: str) -> Subscription:
        """Events of these types from now on; `next(timeout)` gives one (`Unknown.message` or a class of its own)."""
        return self.client.subscribe(*types)

    # values

    def set(self, instance: str, key: str, value: Scalar) -> None:
        self.ask("set_param", instanceId=instance, paramId=key, value=value)

    def apply(self, instance: str, values: dict[str, Scalar]) -> None:
        """Many values of a module in one change."""
        self.ask("apply_params", instanceId=instance, params=values)

    def value(self, instance: str, key: str) -> str:
        """The value in force, as on the wire."""
        return str(self.values(instance)[key])

    def number(self, instance: str, key: str) -> float:
        return float(self.value(instance, key))

    def values(self, instance: str) -> dict[str, str]:
        """All values in force of one module; `instance` is flattened."""
        return self.ask("get_all_params", instanceId=instance)["params"]

    def all_values(self) -> dict[str, dict[str, str]]:
        """Of every module in the chain."""
        return self.ask("get_all_params")["instances"]

    # chain

    def link(self) -> dict[str, Any]:
        """The whole LinkConfig."""
        return self.ask("read_link")["link"]

    def chain(self, chain_id: Optional[str] = None) -> dict[str, Any]:
        """One chain of the LinkConfig; the root chain when no id is given."""
        link = self.link()
        return link["chains"][chain_id or link["rootChainId"]]

    def node(self, instance: str, chain_id: Optional[str] = None) -> Optional[dict[str, Any]]:
        """A module of a chain by its local id, None when there is none."""
        return next((node for node in self.chain(chain_id)["nodes"] if node["instanceId"] == instance), None)

    def instances(self, chain_id: Optional[str] = None) -> list[str]:
        return [node["instanceId"] for node in self.chain(chain_id)["nodes"]]

    def edges(self, chain_id: Optional[str] = None) -> list[tuple[str, str, str, str]]:
        """(from module, from port, to module, to port) of every edge."""
        return [
            (edge["fromModule"], edge["fromPort"], edge["toModule"], edge["toPort"])
            for edge in self.chain(chain_id)["edges"]
        ]

    def write_link(self, link: dict[str, Any]) -> dict[str, Any]:
        return self.ask("write_link", link=link)

    def edit(self, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Reads the chain, changes it in place and writes it."""
        link = self.link()
        change(link)
        return self.write_link(link)

    def library(self) -> dict[str, Any]:
        return self.ask("get_module_library")

    # state

    def history(self, limit: int = 50) -> list[dict[str, Any]]:
        """Newest first: {id, timestamp, client, kind, title, undone}."""
        return self.ask("get_history", limit=limit)["entries"]

    def output(self) -> dict[str, Any]:
        return self.ask("get_output")

    def set_output(self, **fields: Any) -> dict[str, Any]:
        return self.ask("set_output", **fields)

    def transport(self) -> dict[str, Any]:
        return self.ask("get_transport")

    def set_transport(self, **fields: Any) -> dict[str, Any]:
        return self.ask("set_transport", **fields)

    def status(self) -> dict[str, Any]:
        return self.ask("get_status")

    def mode(self) -> str:
        return str(self.status()["mode"])

    def engine(self) -> dict[str, Any]:
        return self.ask("get_audio_engine_status")

    def compare(self) -> dict[str, Any]:
        return self.ask("get_compare")

    def presets(self, instance: str) -> dict[str, Any]:
        return self.ask("list_presets", instanceId=instance)

    # sound

    def meters(self, messages: int = 6, skip: int = 3, interval_ms: int = 50) -> dict[str, Levels]:
        """Levels of every module, and of the chain's own ends under "$input" and "$output" (behind the level).

        The first `skip` messages are left out, because they may still tell of the time before the last change.
        """
        taken = self._raw_metrics(messages, skip, interval_ms)
        ids = {name for message in taken for name in message["modules"]}
        levels = {
            name: Levels(
                [message["modules"][name]["outputRmsDb"] for message in taken if name in message["modules"]],
                [message["modules"][name]["outputPeakDb"] for message in taken if name in message["modules"]],
            )
            for name in ids
        }
        for end in ("input", "output"):
            if all(f"{end}RmsDb" in message for message in taken):
                levels[f"${end}"] = Levels(
                    [message[f"{end}RmsDb"] for message in taken], [message[f"{end}PeakDb"] for message in taken]
                )
        return levels

    def meter(self, instance: str, messages: int = 6, skip: int = 3) -> Levels:
        """Levels behind one module (flattened id), "$input" or "$output"."""
        return self.meters(messages, skip)[instance]

    def rms(self, instance: str) -> list[float]:
        """Of each channel; there is none before the first measurement, which is a reason to wait."""
        rms = self.meter(instance).rms
        assert rms, f"{instance} is not measured yet"
        return rms

    def metrics(self) -> dict[str, Any]:
        """One `debug_metrics` message as it comes."""
        return self._raw_metrics(1, 1, 50)[0]

    def spectrum(
        self, instance: str, port: str = "output", channel: Optional[int] = None, messages: int = 4, skip: int = 4
    ) -> "Spectrum":
        """The averaged spectrum of a wire; "$io" is the chain's own input or output."""
        point: dict[str, Any] = {"instanceId": instance, "port": port}
        if channel is not None:
            point["channel"] = channel
        taken = self.listen("spectrum", skip + messages, "spectrum_subscribe", points=[point], intervalMs=50)[skip:]
        lines = [[max(db, SILENT_DB) for db in message["points"][0]["db"]] for message in taken]
        return Spectrum(taken[0]["minHz"], taken[0]["maxHz"], [power_mean(list(line)) for line in zip(*lines)])

    def _raw_metrics(self, messages: int, skip: int, interval_ms: int) -> list[dict[str, Any]]:
        return self.listen("debug_metrics", skip + messages, "debug_subscribe", intervalMs=interval_ms)[skip:]

    def listen(self, type_: str, count: int, request: str, **fields: Any) -> list[dict[str, Any]]:
        """The next `count` events of a type as they come, on a connection of its own that asks `request` for them."""
        connection = ControlConnection(self.address, timeout=15, path=self._path)
        taken: list[dict[str, Any]] = []
        try:
            answer = connection.request({"type": request, **fields})
            if (refusal := NodeError.in_answer(answer)) is not None:
                raise refusal
            arrived = connection.unsolicited
            while len(taken) < count:
                message = arrived.pop(0) if arrived else connection.receive()
                if message["type"] == type_:
                    taken.append(message)
        finally:
            connection.close()
        return taken


class Spectrum:
    """Levels in dBFS over logarithmic frequencies."""

    def __init__(self, low: float, high: float, db: list[float]) -> None:
        self.low, self.high, self.db = low, high, db

    def at(self, hertz: float) -> float:
        """The level of the line nearest to a frequency."""
        place = math.log(hertz / self.low) / math.log(self.high / self.low) * (len(self.db) - 1)
        return self.db[min(max(round(place), 0), len(self.db) - 1)]
