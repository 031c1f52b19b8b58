#!/usr/bin/env python3
"""Runs schemathesis against a node of its own for some seconds.

    run_schemathesis.py SOUNDPOST WORK SECONDS

Exits as schemathesis does; the node must live on.
"""

import os
import shutil
import subprocess
import sys

from node_process import Node

# 503 and 507 are documented where they may come; any other 5xx is a fault.
SETTINGS = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "503", "507"]
"""

# Random bytes as an archive: schemathesis knows JSON, forms and octets only.
HOOKS = """
import schemathesis

@schemathesis.serializer("application/zip")
def archive(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
"""

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
]


def main() -> int:
    soundpost, work, seconds = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3]
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    with open(f"{work}/schemathesis.toml", "w") as file:
        file.write(SETTINGS)
    with open(f"{work}/archive_hooks.py", "w") as file:
        file.write(HOOKS)
    with Node(soundpost, f"{work}/data", ["--source", "generator", "--sink", "none"]) as node:
        run = subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", f"--config-file={work}/schemathesis.toml", "run",
                f"http://{node.address}/api/openapi.json", f"--checks={','.join(CHECKS)}", f"--max-time={seconds}",
                "--continue-on-failure", "--report=junit", f"--report-dir={work}", "--no-color",
            ],
            cwd=work,
            env=os.environ | {"SCHEMATHESIS_HOOKS": "archive_hooks", "PYTHONPATH": work},
        )
        alive = node.process.poll() is None
    if not alive:
        print(f"the node ended with status {node.process.returncode}: {node.errors}")
    return run.returncode if alive else 1


if __name__ == "__main__":
    sys.exit(main())
