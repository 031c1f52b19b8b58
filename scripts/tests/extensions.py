"""A node with an extension that starts a program of its own. The node is killed; nothing stays."""

import json
import os
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from node_process import Node  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# It starts a program that ignores what asks it to end, and both hold the pipe that the environment names.
PROGRAM = """
import os, subprocess, sys
from soundpost.extension import Extension
pipe = os.open(os.environ["ALIVE"], os.O_WRONLY)
child = subprocess.Popen(
    [sys.executable, "-c", "import signal; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; signal.pause()"],
    pass_fds=[pipe], start_new_session=False)
extension = Extension()
extension.handler("processes")(lambda data: [os.getpid(), child.pid])
extension.run()
"""


def main() -> None:
    soundpost = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o700)
        alive = os.path.join(folder, "alive")
        os.mkfifo(alive)
        configuration = os.path.join(folder, "soundpost.json")
        with open(configuration, "w", encoding="utf-8") as file:
            json.dump(
                {"Extensions": [{
                    "id": "family",
                    "command": [sys.executable, "-c", PROGRAM],
                    "env": {"PYTHONPATH": os.path.join(ROOT, "clients", "python", "src"), "ALIVE": alive},
                }]},
                file,
            )
        ended = threading.Event()

        def watch() -> None:
            """The pipe ends when the last of those that hold it has gone."""
            with open(alive, "rb") as pipe:
                pipe.read()
            ended.set()

        threading.Thread(target=watch, daemon=True).start()
        environment = {"XDG_RUNTIME_DIR": folder}
        options = ["--config", configuration, "--source", "silence"]
        with Node(soundpost, os.path.join(folder, "data"), options, environment) as node:
            client = node.connect()
            while True:
                states = client.request({"type": "list_extensions"})["extensions"]
                assert [item["id"] for item in states] == ["family"], states
                assert states[0]["state"] in ("starting", "ready"), states
                if states[0]["state"] == "ready":
                    break
            answer = client.request({"type": "call_extension", "extension": "family", "method": "processes"})
            assert answer["success"], answer
            for process in answer["data"]:
                os.kill(process, 0)
            assert not ended.is_set()
            node.kill()
            assert ended.wait(60), "a process of the extension has outlived the killed node"
    print("extensions: 2 processes, gone with their node")


if __name__ == "__main__":
    main()
