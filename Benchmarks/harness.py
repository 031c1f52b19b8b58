"""Runs benchmark programs and writes what they measured as Markdown."""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = HERE / "work"
CONFIGURATION = os.environ.get("BENCH_CONFIGURATION", "debug")
SOUNDPOST = Path(os.environ.get("SOUNDPOST", ROOT / ".build" / "debug" / "soundpost"))


class Report:
    """Markdown to the terminal and, at the end, to a file in results/."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, text: str = "") -> None:
        self.lines.append(text)
        print(text, flush=True)

    def table(self, head: list[str], rows: list[list[str]]) -> None:
        self.line("| " + " | ".join(head) + " |")
        self.line("|" + "---|" * len(head))
        for row in rows:
            self.line("| " + " | ".join(row) + " |")
        self.line()

    def save(self) -> Path:
        folder = HERE / "results"
        folder.mkdir(exist_ok=True)
        path = folder / time.strftime("%Y-%m-%dT%H-%M-%S.md")
        path.write_text("\n".join(self.lines) + "\n")
        return path


def note(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def pinned(command: list[str]) -> list[str]:
    """The command on the last core only, so that every peer has exactly one."""
    if not hasattr(os, "sched_setaffinity"):
        return command
    return ["taskset", "-c", str(max(os.sched_getaffinity(0))), *command]


def run_json(command: list[str], environment: dict[str, str] | None = None, one_core: bool = True) -> list[dict]:
    """Objects that the program prints, one a line."""
    done = subprocess.run(
        pinned(command) if one_core else command,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: status {done.returncode}: {done.stderr.strip()[-400:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def run_cpu_seconds(command: list[str]) -> float:
    """User and system time of a program that cannot measure itself."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(pinned(command), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: status {done.returncode}: {done.stderr.strip()[-400:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def spread(values: list[float]) -> tuple[float, float, float]:
    """Median, smallest, largest."""
    return statistics.median(values), min(values), max(values)


def output_of(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "not installed"
    text = (done.stdout + done.stderr).strip()
    return text.splitlines()[0] if text else "unknown"


def conditions(report: Report) -> None:
    """What a reader needs to judge the figures: machine, instruction sets, load, versions."""
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    model = next((line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name")), platform.processor())
    flags = next((line.split(":")[1].split() for line in text.splitlines() if line.startswith("flags")), [])
    v3 = {"avx2", "bmi2", "fma", "movbe"} <= set(flags)
    v4 = v3 and {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= set(flags)
    clone = "x86-64-v4 (AVX-512)" if v4 else "x86-64-v3 (AVX2)" if v3 else platform.machine()
    load = os.getloadavg()
    report.line(f"- Machine: {model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}")
    report.line(f"- Instruction set the library picks here: {clone}; row `AVX2` is a build for x86-64-v3 without choice")
    report.line(f"- Load average at the start: {load[0]:.2f} {load[1]:.2f} {load[2]:.2f}; time: {time.strftime('%Y-%m-%d %H:%M')}")
    report.line(f"- The node is a {CONFIGURATION} build; the C library has -O3 in both")
    report.line(f"- {output_of(['clang', '--version'])}; {output_of(['g++', '--version'])}; {output_of(['faust', '--version'])}")
    report.line(f"- {output_of(['ffmpeg', '-version']).split(' Copyright')[0]}; {output_of(['sox', '--version'])}")
    report.line()
