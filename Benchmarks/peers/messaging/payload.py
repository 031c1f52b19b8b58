"""What writing and summing a payload costs in Python, of which every peer in Python pays two a round trip: `PROGRAM SIZE…`."""

import json
import sys
import time

from exchange import ALL, Payload

BATCHES = 15

for size in map(int, sys.argv[1:]):
    payload, message = Payload(size), bytearray(size)
    repeats = min(max((4 << 20) // size, 1), 2000)
    times = []
    for _ in range(BATCHES):
        start = time.perf_counter()
        for number in range(repeats):
            if payload.fill(message, number) & ALL != payload.sum(message) & ALL:
                raise SystemExit("payload: the sum differs")
        times.append((time.perf_counter() - start) / repeats * 1e6)
    times.sort()
    print(json.dumps({"floor": f"payload of {size} B written and summed, Python", "unit": "µs", "p50": times[BATCHES // 2]}))
