"""All benchmarks in one run. `scripts/bench` builds what this needs and starts it."""

import argparse

from block_tables import block_tables
from control_load import add_options as add_control_options
from control_load import control_load
from edit_latency import edit_latency
from harness import Report, conditions
from live_tables import live_table, worker_table
from messages import add_options as add_message_options
from messages import messages
from render_table import render_table

PARTS = ["render", "blocks", "live", "workers", "latency", "control", "messages"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; default: all")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each peer (5)")
    parser.add_argument("--seconds", type=int, default=60, help="audio a run of the render table (60)")
    parser.add_argument("--live-seconds", type=int, default=20, help="length of each live run (20)")
    add_control_options(parser.add_argument_group("control"), prefix="control-", seconds=20)
    add_message_options(parser.add_argument_group("messages"), prefix="messages-")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"unknown part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    parts = arguments.parts or PARTS

    report = Report()
    report.line("# Soundpost benchmarks")
    report.line()
    conditions(report)
    if "render" in parts:
        render_table(report, arguments.rounds, arguments.seconds)
    if "blocks" in parts:
        block_tables(report)
    if "live" in parts:
        live_table(report, arguments.live_seconds)
    if "workers" in parts:
        worker_table(report)
    if "latency" in parts:
        edit_latency(report)
    if "control" in parts:
        control_load(report, arguments)
    if "messages" in parts:
        messages(report, arguments.messages_rounds, arguments.messages_seconds)
    print(f"written to {report.save()}")


main()
