#!/usr/bin/env python3
"""Edits a running node under malloc_hook.so and reads what the hook counted. malloc_hook.py SOUNDPOST WORK"""

import copy
import os
import random
import shutil
import sys

from node_process import Node

CHANGES = 1000
EDITS = 100


def with_another_module(link: dict) -> dict:
    """The chain with a delay put in before its output."""
    link = copy.deepcopy(link)
    root = link["chains"][link["rootChainId"]]
    last = next(edge for edge in root["edges"] if edge["toModule"] == "$io")
    node = copy.deepcopy(root["nodes"][0])
    node.update(instanceId="delay#77", moduleType="ut_delay_20ch_v1", order=99)
    root["nodes"].append(node)
    root["edges"].append({**last, "id": "hook", "fromModule": "delay#77", "fromPort": "out"})
    last.update(toModule="delay#77", toPort="in")
    return link


def main() -> int:
    soundpost, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    report = f"{work}/counts"
    shutil.rmtree(f"{work}/data", ignore_errors=True)
    os.makedirs(f"{work}/data")
    if os.path.exists(report):
        os.remove(report)
    environment = {"LD_PRELOAD": f"{work}/malloc_hook.so", "MALLOC_HOOK_REPORT": report}
    random.seed(7)
    with Node(soundpost, f"{work}/data", ["--source", "generator", "--cores", "2"], environment) as node:
        client = node.connect()
        link = client.request({"type": "read_link"})["link"]
        modules = [n["instanceId"] for n in link["chains"][link["rootChainId"]]["nodes"]]
        gains = [m for m in modules if m.startswith("gain#")]
        eqs = [m for m in modules if m.startswith("eq#")]
        if not gains or not eqs:
            raise RuntimeError(f"the demo chain has no gain or no eq: {modules}")
        client.request({"type": "debug_subscribe", "intervalMs": 50})
        refused = 0
        for change in range(CHANGES):
            if random.random() < 0.5:
                message = {"instanceId": gains[0], "paramId": "gainDb", "channel": random.randrange(2),
                           "value": random.uniform(-30, 0)}
            else:
                message = {"instanceId": eqs[0], "paramId": "freq", "dimIndices": [random.randrange(2), random.randrange(20)],
                           "value": random.uniform(20, 20000)}
            refused += not client.request({"type": "set_param", **message})["success"]
            if change % (CHANGES // EDITS) == 0:
                for node_of_chain in link["chains"][link["rootChainId"]]["nodes"]:
                    node_of_chain["enabled"] = random.random() < 0.8
                edited = with_another_module(link) if random.random() < 0.5 else link
                refused += not client.request({"type": "write_link", "link": edited})["success"]
    if node.process.returncode != 0:
        print(f"the node ended with status {node.process.returncode}: {node.errors}")
        return 1
    with open(report) as file:
        allocations, frees, elsewhere = map(int, file.read().split())
    print(f"{CHANGES} changes and {EDITS} edits, {refused} refused; allocations on the audio threads: {allocations}, "
          f"frees: {frees}; on all other threads: {elsewhere}")
    return 0 if refused == 0 and allocations == 0 and frees == 0 and elsewhere > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
