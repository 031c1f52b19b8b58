"""Whether a binary serves the page that is installed beside it, where the image and the steps of deploy/README.md put it.

usage: installed_page.py BINARY WORK
"""

import os
import re
import shutil
import sys
import urllib.request

from node_process import Node

# Below the directory that holds bin/soundpost.
PLACE = "share/soundpost/page"


def main():
    binary, work = sys.argv[1:]
    for name in ("deploy/Dockerfile", "deploy/README.md"):
        named = set(re.findall(r"/usr/local/(share/\S*?)/?(?=\s)", open(name).read()))
        assert named == {PLACE}, f"{name} puts the page into {named}"
    os.makedirs(f"{work}/prefix/bin")
    os.makedirs(f"{work}/prefix/{PLACE}")
    # Not a link: the node looks beside what a link leads to.
    shutil.copy(binary, f"{work}/prefix/bin/soundpost")
    files = {"index.html": b"<!doctype html><title>page</title>", "app.js": b"'use strict';"}
    for name, text in files.items():
        with open(f"{work}/prefix/{PLACE}/{name}", "wb") as file:
            file.write(text)
    with Node(f"{work}/prefix/bin/soundpost", f"{work}/data", ["--no-sim"]) as node:
        for path, name in (("", "index.html"), ("app.js", "app.js")):
            with urllib.request.urlopen(f"http://{node.address}/{path}", timeout=10) as response:
                assert response.read() == files[name], f"/{path} is not {name}"
    assert node.process.returncode == 0, node.errors


main()
