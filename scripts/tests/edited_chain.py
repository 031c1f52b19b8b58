"""The chain of the durability proofs: a gain and an equaliser for each client, so that each owns what it edits."""

import copy

CLIENTS = 3
SPARE = "delay#9"
_TYPES = {"gain": "channel_gain_v1", "eq": "common_eq_v1", "delay": "ut_delay_20ch_v1"}


def _port(identifier: str, direction: str, inherits: bool = True) -> dict:
    return {"id": identifier, "direction": direction, "channels": -1 if inherits else 2,
            "sampleRate": -1 if inherits else 48000, "label": identifier, "required": True}


def chain(mark: str, with_spare: bool) -> dict:
    """A chain in a row. `mark` tells one edit from another, in a key that the node keeps without knowing it."""
    instances = [f"{name}#{client}" for client in range(1, CLIENTS + 1) for name in ("gain", "eq")]
    instances += [SPARE] if with_spare else []
    nodes = [
        {"instanceId": instance, "moduleType": _TYPES[instance.split("#")[0]], "order": order, "enabled": True,
         "position": {"x": 100 * order, "y": 0}, "ports": [_port("in", "input"), _port("out", "output")]}
        for order, instance in enumerate(instances)
    ]
    stops = ["$io", *instances, "$io"]
    edges = [
        {"id": f"e{number}", "fromModule": start, "fromPort": "in" if start == "$io" else "out",
         "toModule": end, "toPort": "out" if end == "$io" else "in", "channels": 2, "sampleRate": 48000}
        for number, (start, end) in enumerate(zip(stops, stops[1:]))
    ]
    main = {"id": "main", "name": "Edited", "nodes": nodes, "edges": edges,
            "externalPorts": [_port("in", "input", False), _port("out", "output", False)]}
    return {"version": "2.2", "rootChainId": "main", "global": {"channels": 2, "sampleRate": 48000, "frameSize": 240},
            "chains": {"main": main}, "editor": {"mark": mark}}


def mark_of(link: dict) -> str:
    """The mark of a chain that is whole; else what is wrong with it."""
    mark = link.get("editor", {}).get("mark", "no mark")
    nodes = copy.deepcopy(link["chains"]["main"]["nodes"])
    wanted = chain(mark, any(node["instanceId"] == SPARE for node in nodes))
    return mark if link == wanted else f"half of {mark}"


def keys(client: int) -> list[tuple]:
    """The parameters that a client edits."""
    gain, equaliser = f"gain#{client}", f"eq#{client}"
    return [("param", gain, f"gainDb#{channel}") for channel in range(2)] + [
        ("param", equaliser, f"freq#{channel}#{band}") for channel in range(2) for band in range(3)
    ]
