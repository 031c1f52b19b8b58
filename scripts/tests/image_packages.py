"""Whether the packages that the image installs bring every shared library of a binary. Debian only.

usage: image_packages.py BINARY DOCKERFILE
"""

import os
import re
import subprocess
import sys

# Parts of the toolchain, which the image's binary holds in itself.
TOOLCHAIN = re.compile(r"/lib(swift|Foundation|_Foundation|dispatch|BlocksRuntime)[^/]*\.so$|/lib/swift/")
# In every Debian image: what apt itself needs.
BASE = ["apt", "libc6"]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def installed_packages(dockerfile):
    last_stage = open(dockerfile).read().rsplit("\nFROM ", 1)[1]
    install = re.search(r"apt-get install (.*?)&&", last_stage, re.S).group(1)
    return [word for word in install.replace("\\", " ").split() if not word.startswith("-")]


def dependencies():
    """Names that each installed package asks for, alternatives included."""
    table = {}
    listing = run("dpkg-query", "-W", "-f", "${Package}\t${Pre-Depends}, ${Depends}\t${Provides}\n")
    for line in listing.splitlines():
        name, needs, _ = line.split("\t")
        table[name] = {re.split(r"[ :(]", need.strip())[0] for need in re.split(r"[,|]", needs) if need.strip()}
        table.setdefault(name, set())
    for line in listing.splitlines():
        name, _, provides = line.split("\t")
        for virtual in filter(None, (re.split(r"[ :(]", part.strip())[0] for part in provides.split(","))):
            table.setdefault(virtual, set()).add(name)
    return table


def closure(names, table):
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += table.get(name, ())
    return found


def package_of(library):
    for path in {library, os.path.realpath(library), "/usr" + library}:
        answer = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True)
        if answer.returncode == 0:
            return answer.stdout.split(":")[0]
    return None


def main():
    binary, dockerfile = sys.argv[1:]
    listed = installed_packages(dockerfile)
    present = closure(listed + BASE, dependencies())
    libraries = [line.split("=> ")[1].split()[0] for line in run("ldd", binary).splitlines() if "=> /" in line]
    libraries = [library for library in libraries if not TOOLCHAIN.search(library)]
    missing = {library: package_of(library) for library in libraries if package_of(library) not in present}
    for library, package in missing.items():
        print(f"{library}: package {package} is not installed by {dockerfile}")
    print(f"{len(libraries)} libraries, {len(missing)} missing; installed: {' '.join(listed)}")
    sys.exit(1 if missing or not libraries else 0)


main()
