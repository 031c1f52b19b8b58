#!/usr/bin/env python3
"""Automatic equaliser: an extension that a Soundpost node starts. README.md says what it answers."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Dict

# One core is plenty for matrices of this size, and the others belong to the audio. Read when numpy is loaded.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

_FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(_FOLDER))

try:
    import soundpost  # noqa: F401
except ImportError:
    sys.path.append(str(_FOLDER.parents[2] / "clients" / "python" / "src"))  # in a checkout, where nothing is installed

try:
    import fit
    import measurement
except ImportError as error:
    sys.exit(f"auto_eq: {error}; it needs numpy and scipy: python3 -m pip install numpy scipy")

try:
    from soundpost.extension import Extension, reading_arguments
except ImportError as error:
    sys.exit(f"auto_eq: {error}; it needs the package in clients/python: python3 -m pip install ./clients/python")

extension = Extension()


class _Progress:
    """Tells of a twentieth at a time."""

    def __init__(self) -> None:
        self._told = -1

    def __call__(self, fraction: float) -> None:
        step = int(20 * min(fraction, 1.0))
        if step > self._told:
            self._told = step
            extension.emit("progress", {"fraction": step / 20})


@extension.handler("auto_eq.fit")
def fit_bands(data: Any) -> Dict[str, Any]:
    with reading_arguments():
        task = fit.understood(data)
    progress = _Progress()
    progress(0.0)
    answer = fit.solved(task, progress)
    progress(1.0)
    return answer


@extension.handler("auto_eq.read_csv")
def read_csv(data: Any) -> Dict[str, Any]:
    with reading_arguments():
        return measurement.read_csv(data)


@extension.handler("auto_eq.from_capture")
def from_capture(data: Any) -> Dict[str, Any]:
    with reading_arguments():
        return measurement.from_capture(data)


if __name__ == "__main__":
    extension.run()
