"""What a node says that it holds, and what lies in its data directory."""

import json
import os
import time

import edited_chain
from editor import Editor
from node_process import ControlConnection


def observe(connection: ControlConnection, editors: list[Editor]) -> dict[tuple, object]:
    """Every value, preset, profile and the chain, as the node tells them."""
    found: dict[tuple, object] = {}
    for editor in editors:
        for key in editor.keys:
            answer = connection.request({"type": "get_param", "instanceId": key[1], "paramId": key[2]})
            found[key] = answer.get("value")
        for instance in editor.instances:
            mine = {key[2] for key in editor.keys if key[1] == instance}
            for preset in connection.request({"type": "list_presets", "instanceId": instance})["presets"]:
                params = {name: value for name, value in preset["params"].items() if name in mine}
                found[("preset", instance, preset["presetId"])] = params
    for profile in connection.request({"type": "list_profiles"})["profiles"]:
        found[("profile", profile["profileId"])] = profile["modulePresets"]
    found[("link",)] = edited_chain.mark_of(connection.request({"type": "read_link"})["link"])
    return found


def faults(found: dict[tuple, object], editors: list[Editor], strictly: bool = False) -> list[str]:
    """What is not as it was acknowledged, and what nobody has stored."""
    wrong = [fault for editor in editors for fault in editor.ledger.faults(found, strictly)]
    known = {key for editor in editors for key in editor.owned()}
    return wrong + [f"{' '.join(key)} was stored by nobody" for key in found if key not in known]


def litter(data: str) -> list[str]:
    """Temporary files, and JSON files that are not whole."""
    wrong = []
    for folder, _, names in os.walk(data):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(".soundpost-tmp"):
                wrong.append(f"{path} was left behind")
            if name.endswith(".json"):
                try:
                    with open(path) as file:
                        json.load(file)
                except ValueError as error:
                    wrong.append(f"{path} is not whole: {error}")
    return wrong


def plays(connection: ControlConnection) -> bool:
    """Waits until sound has come through the last module of the chain, for ten seconds at most."""
    connection.request({"type": "debug_subscribe", "intervalMs": 50})
    last = f"eq#{edited_chain.CLIENTS}"
    end = time.monotonic() + 10
    while time.monotonic() < end:
        message = connection.receive()
        if message["type"] == "debug_metrics":
            peaks = message.get("modules", {}).get(last, {}).get("outputPeakDb", [])
            if peaks and max(peaks) > -100:
                return True
    return False
