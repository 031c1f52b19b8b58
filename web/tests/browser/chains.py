"""Chains for tests, made rather than stored."""

from __future__ import annotations

from typing import Any

COLUMNS = 20


def port(name: str, direction: str, channels: int = -1) -> dict[str, Any]:
    return {
        "id": name, "direction": direction, "channels": channels, "sampleRate": -1 if channels < 0 else 48000,
        "label": name.capitalize(), "required": True,
    }


def edge(start: str, end: str, channels: int = 2) -> dict[str, Any]:
    return {
        "id": f"{start}->{end}", "fromModule": start, "fromPort": "in" if start == "$io" else "out",
        "toModule": end, "toPort": "out" if end == "$io" else "in", "channels": channels, "sampleRate": 48000,
    }


def module(instance: str, kind: str, place: int = 0) -> dict[str, Any]:
    """A module with one input and one output, at a place in a grid."""
    return {
        "instanceId": instance, "moduleType": kind, "order": place, "enabled": True,
        "position": {"x": 220 * (place % COLUMNS), "y": 160 * (place // COLUMNS)},
        "ports": [port("in", "input"), port("out", "output")],
    }


def row(*modules: tuple[str, str], channels: int = 2) -> dict[str, Any]:
    """A LinkConfig: (instance id, module type) one after the other between the chain's ends."""
    names = ["$io", *(name for name, _ in modules), "$io"]
    return {
        "version": "2.2",
        "rootChainId": "main",
        "global": {"channels": channels, "sampleRate": 48000, "frameSize": 240},
        "chains": {
            "main": {
                "id": "main",
                "name": "Main",
                "externalPorts": [port("in", "input", channels), port("out", "output", channels)],
                "nodes": [module(name, kind, place) for place, (name, kind) in enumerate(modules)],
                "edges": [edge(start, end, channels) for start, end in zip(names, names[1:])],
            }
        },
    }


def gains(count: int) -> dict[str, Any]:
    """A row of gains, gain#1 to gain#COUNT."""
    return row(*((f"gain#{number}", "channel_gain_v1") for number in range(1, count + 1)))


def busy() -> dict[str, Any]:
    """An equaliser among gains: 16 modules, 32 channels that move."""
    first = [(f"gain#{number}", "channel_gain_v1") for number in range(1, 9)]
    last = [(f"gain#{number}", "channel_gain_v1") for number in range(9, 16)]
    return row(*first, ("eq#1", "common_eq_v1"), *last)

