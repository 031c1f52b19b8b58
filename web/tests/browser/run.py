"""Runs the tests of the page.

    scripts/python web/tests/browser/run.py                        all
    scripts/python web/tests/browser/run.py test_flow -k drag      those of a file whose name contains a word
    scripts/python web/tests/browser/run.py --list

The page must be built (scripts/page); $SOUNDPOST is the node's executable. A test is a function `test_…(bench)` of a file
`test_….py`; they run in the order in which they stand there. A test that fails is tried once more, in a new page: on a
shared machine whose processors are taken away for seconds a wait may run out; what is broken fails twice, and what needed a
second try is named at the end. Closes with `N passed, N failed`.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Callable

from playwright.sync_api import Browser, Playwright, sync_playwright

from harness import OUT, Api, Bench, NodeOptions, NodeProcess, launch

HERE = Path(__file__).resolve().parent
Test = Callable[[Bench], None]


def tests_of(module: ModuleType, words: list[str]) -> list[tuple[str, Test]]:
    """The file's own test functions in their order; with words, those whose name has one of them."""
    own = [
        (name, value)
        for name, value in vars(module).items()
        if name.startswith("test_") and inspect.isfunction(value) and value.__module__ == module.__name__
    ]
    own.sort(key=lambda pair: pair[1].__code__.co_firstlineno)
    return [pair for pair in own if not words or any(word in pair[0] for word in words)]


class StartState:
    """What the node was like before a file's first test; `restore` brings it back."""

    def __init__(self, node: NodeProcess) -> None:
        api = node.connect("harness")
        chain = node.link()
        if chain is not None:
            api.write_link(chain)
        self.link = api.link()
        self.values = api.all_values()
        self.mode = api.mode()
        self.transport = api.transport()
        api.close()

    def restore(self, node: NodeProcess) -> None:
        if not node.is_running:
            node.start()
        api = node.connect("harness")
        try:
            if api.mode() != self.mode:
                api.ask("set_mode", mode=self.mode)
            if api.link() != self.link:
                api.write_link(self.link)
            self._restore_values(api)
            self._forget_presets(api)
            self._restore_sound(api)
        finally:
            api.close()

    def _restore_values(self, api: Api) -> None:
        present = api.all_values()
        for instance, values in self.values.items():
            changed = {key: value for key, value in values.items() if present.get(instance, {}).get(key) != value}
            if changed:
                api.apply(instance, changed)

    def _forget_presets(self, api: Api) -> None:
        for instance in self.values:
            for preset in api.presets(instance)["presets"]:
                api.ask("delete_preset", instanceId=instance, presetId=preset["presetId"])
        for profile in api.ask("list_profiles")["profiles"]:
            api.ask("delete_profile", profileId=profile["profileId"])

    def _restore_sound(self, api: Api) -> None:
        present = api.transport()
        if any(present[key] != self.transport[key] for key in ("input", "output", "running")):
            api.ask("sim_stop")
            if self.transport["running"]:
                api.ask("sim_start", input=self.transport["input"], output=self.transport["output"])
        if self.transport["running"]:
            api.set_transport(playing=True, loop=self.transport["loop"])
            api.set_output(
                levelDb=0, muteMask=0, muted=False, dimmed=False, panic=False, bypassed=False, endAudition=True
            )


def words(error: Exception) -> str:
    """What went wrong and where in the tests; what goes on inside of libraries helps nobody."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == HERE]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}: {frame.line}" for frame in frames[1:]]
    return "\n".join([f"{type(error).__name__}: {error}", *places])


def run_test(browser: Browser, node: NodeProcess, file: str, name: str, test: Test) -> str:
    """Runs one test. Returns why it failed, or nothing."""
    bench = Bench(browser, node, f"{file.removeprefix('test_')}-{name.removeprefix('test_')}")
    fault = ""
    try:
        test(bench)
        if bench.pages and not bench.pages[-1].is_closed():
            bench.pump(1)
    except Exception as error:
        fault = words(error)
    if remaining := bench.remaining_faults():
        fault += "".join(f"\n{line}" for line in dict.fromkeys(remaining))
    if fault:
        try:
            fault += "".join(f"\nscreenshot: {path}" for path in bench.save_screenshots())
        except Exception as error:
            fault += f"\nno screenshot: {error}"
    bench.close()
    return fault


@dataclass
class Outcome:
    """What became of tests, by their names."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    tried_twice: list[str] = field(default_factory=list)


def report(mark: str, name: str, began: float, fault: str = "") -> None:
    print(f"{mark:<6} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if fault:
        print("    " + fault.strip().replace("\n", "\n    "), flush=True)


def run_file(playwright: Playwright, path: Path, words: list[str], outcome: Outcome) -> None:
    """Runs a file's tests."""
    module = importlib.import_module(path.stem)
    tests = tests_of(module, words)
    if not tests:
        return
    print(f"== {path.stem}", flush=True)
    browser = None
    node = NodeProcess(getattr(module, "NODE", None) or NodeOptions())
    try:
        browser = launch(playwright)
        node.start()
        start = StartState(node)
        for name, test in tests:
            full_name = f"{path.stem}: {name}"
            for is_last in (False, True):
                began = time.monotonic()
                start.restore(node)
                fault = run_test(browser, node, path.stem, name, test)
                if not fault:
                    report("ok", name, began)
                    outcome.passed.append(full_name)
                    break
                if is_last:
                    report("FAILED", name, began, fault)
                    outcome.failed.append(full_name)
                else:
                    report("again", name, began, fault)
                    outcome.tried_twice.append(full_name)
    except Exception:
        print(f"FAILED {path.stem}\n{traceback.format_exc()}\n{node.log()[-2000:]}", flush=True)
        outcome.failed.append(path.stem)
    finally:
        if browser is not None:
            browser.close()
        node.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="names of test files, with or without test_ and .py; default: all")
    parser.add_argument(
        "-k", dest="words", action="append", default=[], metavar="WORD", help="tests with it in the name"
    )
    parser.add_argument("--list", action="store_true", help="print the names of the tests and run none")
    arguments = parser.parse_args()
    wanted = {Path(name).stem.removeprefix("test_") for name in arguments.files}
    paths = sorted(HERE.glob("test_*.py"))
    if unknown := wanted - {path.stem.removeprefix("test_") for path in paths}:
        print(f"there are no tests {', '.join(sorted(unknown))}", file=sys.stderr)
        return 64
    paths = [path for path in paths if not wanted or path.stem.removeprefix("test_") in wanted]
    if arguments.list:
        for path in paths:
            for name, _ in tests_of(importlib.import_module(path.stem), arguments.words):
                print(f"{path.stem}: {name}")
        return 0
    for old in OUT.glob("failed-*.png"):
        old.unlink()
    # A run that is ended takes its node and browser with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    outcome = Outcome()
    with sync_playwright() as playwright:
        for path in paths:
            run_file(playwright, path, arguments.words, outcome)
    for name in outcome.tried_twice:
        print(f"{'failed' if name in outcome.failed else 'passed at the second try'}: {name}")
    print(f"page tests: {time.monotonic() - began:.0f} s")
    print(f"{len(outcome.passed)} passed, {len(outcome.failed)} failed")
    return 1 if outcome.failed or not outcome.passed else 0


if __name__ == "__main__":
    sys.exit(main())
