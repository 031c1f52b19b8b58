"""Threats 4 and 5: names that lead elsewhere, and files that are swapped while they are used."""

import copy
import json
import os
import shutil
import threading

import names
import raw
from control import ControlConnection
from target import Target
from watch import Watch

READING = [b"/api/presets/%s", b"/%s", b"/docs/%s", b"/api/%s", b"/api/profiles/%s", b"/ws?client=%s", b"/api/modules/%s",
           b"/api/debug/wav/%s", b"/api/status?file=%s"]
WRITING = [b"/api/audio/upload?name=%s", b"/api/archive?name=%s", b"/api/presets/%s"]


def by_path(target: Target, count: int) -> tuple[int, list[str]]:
    """4: over every route."""
    wrong: list[str] = []
    exchange = raw.Exchange(target.address)
    tried = 0
    for name in names.hostile(count):
        for spelling in names.spellings(name):
            requests = [raw.get(target.address, route % spelling) for route in READING]
            requests += [raw.get(target.address, route % spelling, method=b"POST", body=b"RIFF") for route in WRITING]
            for request in requests:
                status, answer = exchange.ask(request)
                tried += 1
                if status >= 500 and status not in (501, 503, 505) or target.reveals(answer):
                    wrong.append(f"{request.split(bytes([13]))[0][:120]!r}: {answer[:200]!r}")
    exchange.close()
    return tried, wrong


def by_message(target: Target, count: int) -> tuple[int, list[str]]:
    """4: in every field that is an id or a file's name."""
    client = target.connect()
    link = client.request({"type": "read_link"})["link"]
    wrong = []
    tried = 0
    for name in names.hostile(count):
        text = name.encode("utf-8", "replace").decode()
        batch = _messages(text, link)
        for number, message in enumerate(batch):
            client.send({**message, "requestId": number})
        for answer in _answers(client, len(batch)):
            tried += 1
            if target.reveals(answer) or answer.get("code") == "internal_error":
                wrong.append(f"{batch[answer['requestId']]['type']} with {text[:60]!r}: {str(answer)[:200]}")
    client.request({"type": "sim_stop"})
    client.close()
    return tried, wrong


def _messages(name: str, link: dict) -> list[dict]:
    renamed = copy.deepcopy(link)
    renamed["chains"][link["rootChainId"]]["nodes"][0]["instanceId"] = name
    by_instance = [
        {"type": kind, "instanceId": name, **rest} for kind, rest in [
            ("save_preset", {"presetId": "a"}), ("load_preset", {"presetId": "preset"}), ("delete_preset", {"presetId": "preset"}),
            ("list_presets", {}), ("diff_presets", {"presetId": "preset"}), ("get_module_params", {}), ("get_all_params", {}),
            ("set_param", {"paramId": "gainDb", "value": -1}), ("apply_params", {"params": {"gainDb#0": -1}}),
        ]
    ]
    by_preset = [
        {"type": kind, "instanceId": "gain#1", "presetId": name, **rest} for kind, rest in [
            ("save_preset", {"params": {"gainDb#0": -2}}), ("load_preset", {}), ("delete_preset", {}), ("diff_presets", {}),
        ]
    ]
    rest = [
        {"type": "diff_presets", "instanceId": "gain#1", "presetId": "a", "otherId": name},
        {"type": "save_profile", "profileId": name, "modulePresets": {}},
        {"type": "save_profile", "profileId": "p", "modulePresets": {name: "preset"}},
        {"type": "save_profile", "profileId": "p", "modulePresets": {"gain#1": name}},
        {"type": "load_profile", "profileId": name}, {"type": "delete_profile", "profileId": name},
        {"type": "set_param", "instanceId": "gain#1", "paramId": name, "value": -1},
        {"type": "get_param", "instanceId": "gain#1", "paramId": name},
        {"type": "sim_start", "input": {"type": "file", "path": name}, "output": {"type": "none"}},
        {"type": "write_link", "link": renamed},
        {"type": name}, {"type": "debug_subscribe", "modules": [name]},
    ]
    # What a legal name makes is a file of the node's own; it is stopped before the next.
    ends = [{"type": "sim_stop"}, {"type": "sim_start", "input": {"type": "silence"}, "output": {"type": "file", "path": name}},
            {"type": "sim_stop"}]
    return by_instance + by_preset + rest + ends


def _answers(client: ControlConnection, count: int) -> list[dict]:
    answers = []
    while len(answers) < count:
        answer = client.receive()
        if isinstance(answer.get("requestId"), int):
            answers.append(answer)
    return answers


def swapped(target: Target, rounds: int) -> tuple[int, list[str]]:
    """5: a folder of presets turns into a link to the secrets and back, file and link change places, while they are used."""
    folder, aside, link = (f"{target.data}/presets/{name}" for name in ("eq#1", "aside", "to-secrets"))
    file = f"{target.data}/presets/gain#1/swapped.json"
    os.makedirs(folder, exist_ok=True)
    os.symlink("../../secrets", link)
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            os.rename(folder, aside)
            try:
                os.rename(link, folder)
            except OSError:
                shutil.rmtree(aside)
                continue
            os.rename(folder, link)
            # The node may have made the folder anew while it was away.
            shutil.rmtree(folder, ignore_errors=True)
            try:
                os.rename(aside, folder)
            except OSError:
                shutil.rmtree(aside)
                os.makedirs(folder, exist_ok=True)
            _replace_by_link(file)

    swapper = threading.Thread(target=swap)
    wrong, tried = [], 0
    client = target.connect()
    with Watch(f"{target.outside}/secrets") as watch:
        swapper.start()
        try:
            for number in range(rounds):
                for message in _on_swapped(number):
                    answer = client.request(message)
                    tried += 1
                    if target.reveals(answer) or answer.get("code") == "internal_error":
                        wrong.append(f"{message['type']}: {str(answer)[:200]}")
        finally:
            done.set()
            swapper.join()
        wrong += [f"the node opened secrets/{name}" for name in sorted(watch.opened())]
    client.close()
    os.unlink(link)
    if os.path.lexists(file):
        os.unlink(file)
    return tried, wrong


def _replace_by_link(file: str) -> None:
    temporary = file + "~"
    os.symlink("../../../secrets/preset.json", temporary)
    os.replace(temporary, file)
    with open(temporary, "w") as handle:
        json.dump({"presetId": "swapped", "name": "own", "params": {"gainDb#0": "-3"}}, handle)
    os.replace(temporary, file)


def _on_swapped(number: int) -> list[dict]:
    at_folder = {"instanceId": "eq#1", "presetId": "preset"}
    at_file = {"instanceId": "gain#1", "presetId": "swapped"}
    return [
        {"type": "save_preset", **at_folder, "name": f"{number}"}, {"type": "load_preset", **at_folder},
        {"type": "list_presets", "instanceId": "eq#1"}, {"type": "delete_preset", **at_folder},
        {"type": "save_preset", **at_file}, {"type": "load_preset", **at_file}, {"type": "list_presets", "instanceId": "gain#1"},
        {"type": "diff_presets", **at_file},
    ]
