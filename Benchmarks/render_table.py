"""The whole chain, off-line, on one core, beside its peers: gain, delay, 10-band EQ, limiter."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from harness import HERE, ROOT, SOUNDPOST, WORK, Report, note, pinned, run_cpu_seconds, run_json, spread

RATE = 48000
BLOCK = 1024
GAINS_DB = [4, -3, 2, -2.5, 3, -4, 2.5, -2, 3, -3]
FREQUENCIES = [31.25 * 2**k for k in range(10)]
Measure = Callable[[int, int], float]


def in_process(command: list[str], environment: dict[str, str] | None = None) -> Measure:
    def measure(channels: int, seconds: int) -> float:
        arguments = [part.replace("{channels}", str(channels)) for part in command]
        result = run_json([*arguments, str(channels), str(BLOCK), str(seconds)], environment)[0]
        return result["cpu"]

    return measure


class Material:
    """Noise as raw float and float WAV files in memory-backed storage, made once a length and channel count."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def raw(self, channels: int, seconds: int) -> Path:
        path = self.folder / f"noise-{channels}-{seconds}.f32"
        if not path.exists():
            noise = np.random.default_rng(channels).uniform(-0.8, 0.8, (RATE * seconds, channels))
            noise.astype("<f4").tofile(path)
        return path

    def wav(self, channels: int, seconds: int) -> Path:
        path = self.folder / f"noise-{channels}-{seconds}.wav"
        if not path.exists():
            raw = str(self.raw(channels, seconds))
            command = ["sox", "-t", "f32", "-r", str(RATE), "-c", str(channels), raw, "-e", "float", str(path)]
            subprocess.run(command, check=True, capture_output=True)
        return path


def ffmpeg(material: Material) -> Measure:
    bands = [f"equalizer=f={f}:t=q:w=1.41:g={g}:r=f32" for f, g in zip(FREQUENCIES, GAINS_DB)]
    limiter = "alimiter=limit=0.89125:attack=1.5:release=80:level=0"
    graph = ",".join(["volume=3dB:precision=float", "adelay=480S:all=1", *bands, limiter])

    def measure(channels: int, seconds: int) -> float:
        source = ["-f", "f32le", "-ar", str(RATE), "-ac", str(channels), "-i", str(material.raw(channels, seconds))]
        quiet = ["ffmpeg", "-nostdin", "-loglevel", "error", "-threads", "1", "-filter_threads", "1"]
        return run_cpu_seconds([*quiet, *source, "-af", graph, "-f", "null", "-"])

    return measure


def sox(material: Material) -> Measure:
    bands = [part for f, g in zip(FREQUENCIES, GAINS_DB) for part in ("equalizer", str(f), "1.41q", str(g))]

    def measure(channels: int, seconds: int) -> float:
        source = ["-t", "f32", "-r", str(RATE), "-c", str(channels), str(material.raw(channels, seconds))]
        # compand with a delay is the nearest that sox has to a look-ahead limiter.
        limiter = ["compand", "0.0015,0.08", "-1.1,-1.1,0,-1", "0", "-90", "0.0015"]
        chain = ["gain", "3", "delay", *["480s"] * channels, *bands, *limiter]
        return run_cpu_seconds(["sox", "--single-threaded", "-V1", *source, "-n", *chain])

    return measure


def chain_file(channels: int) -> dict:
    """The chain as a LinkConfig, for `soundpost render`."""
    port = {"channels": -1, "sampleRate": -1, "required": True}
    outside = {"channels": channels, "sampleRate": RATE, "required": True}
    types = [("gain#1", "channel_gain_v1"), ("delay#1", "ut_delay_20ch_v1"), ("eq#1", "common_eq_v1"), ("limiter#1", "limiter_v1")]
    nodes = [
        {"instanceId": i, "moduleType": t, "order": n, "enabled": True, "position": {"x": 0, "y": 0},
         "ports": [{"id": "in", "direction": "input", "label": "In", **port}, {"id": "out", "direction": "output", "label": "Out", **port}]}
        for n, (i, t) in enumerate(types)
    ]
    places = [("$io", "in"), *[(i, "out") for i, _ in types]]
    targets = [*[(i, "in") for i, _ in types], ("$io", "out")]
    edges = [
        {"id": f"e{n}", "fromModule": a, "fromPort": ap, "toModule": b, "toPort": bp, "channels": channels, "sampleRate": RATE}
        for n, ((a, ap), (b, bp)) in enumerate(zip(places, targets))
    ]
    main = {"id": "main", "name": "Benchmark", "nodes": nodes, "edges": edges,
            "externalPorts": [{"id": "in", "direction": "input", "label": "In", **outside}, {"id": "out", "direction": "output", "label": "Out", **outside}]}
    return {"version": "2.2", "rootChainId": "main", "global": {"channels": channels, "sampleRate": RATE, "frameSize": 240}, "chains": {"main": main}}


def parameters(channels: int) -> dict:
    everywhere = range(channels)
    bands = {}
    for c in everywhere:
        for b, (f, g) in enumerate(zip(FREQUENCIES, GAINS_DB)):
            bands |= {f"freq#{c}#{b}": f, f"gainDb#{c}#{b}": g, f"q#{c}#{b}": 1.41, f"bandEnable#{c}#{b}": True}
    return {
        "gain#1": {f"gainDb#{c}": 3 for c in everywhere},
        "delay#1": {f"delaySamples#{c}": 480 for c in everywhere},
        "eq#1": bands,
        "limiter#1": {"ceilingDb": -1, "releaseMs": 80, "lookaheadMs": 1.5},
    }


def soundpost_render(material: Material, folder: Path) -> Measure:
    def measure(channels: int, seconds: int) -> float:
        chain, params = folder / f"chain-{channels}.json", folder / f"params-{channels}.json"
        chain.write_text(json.dumps(chain_file(channels)))
        params.write_text(json.dumps(parameters(channels)))
        source, target = material.wav(channels, seconds), folder / "out.wav"
        return run_cpu_seconds([str(SOUNDPOST), "render", str(chain), str(source), str(target), "--params", str(params), "--block", str(BLOCK)])

    return measure


def residual_db(folder: Path, channels: int) -> float:
    """How far the C reference is from the library, relative to the library's output."""
    samples = []
    for program in ("soundpost-chain", "reference"):
        path = folder / f"{program}.f32"
        subprocess.run(pinned([str(WORK / program), str(channels), "256", "10", str(path)]), check=True, capture_output=True)
        samples.append(np.fromfile(path, "<f4").astype(np.float64))
    ours, reference = samples
    return float(10 * np.log10(np.sum((ours - reference) ** 2) / np.sum(ours**2)))


def peers(material: Material, folder: Path) -> dict[str, Measure]:
    work = str(WORK)
    found: dict[str, Measure] = {
        "soundpost, C library": in_process([f"{work}/soundpost-chain"]),
        "soundpost, C library, AVX2": in_process([f"{work}/soundpost-chain-avx2"]),
        "soundpost, C library, plain kernels": in_process([f"{work}/soundpost-chain"], {"BENCH_PLAIN": "1"}),
        "C reference, float, -march=native": in_process([f"{work}/reference"]),
        "LSP LADSPA plug-ins, no delay": in_process([f"{work}/lsp"]),
        "LSP LADSPA plug-ins, with delay": in_process([f"{work}/lsp"], {"LSP_DELAY": "1"}),
        "Faust, -O3 -march=native": in_process([f"{work}/faust-{{channels}}"]),
        "Faust, the same, -ffast-math": in_process([f"{work}/faust-fast-{{channels}}"]),
    }
    if SOUNDPOST.exists():
        found["soundpost render, WAV to WAV, with start-up"] = soundpost_render(material, folder)
    if shutil.which("ffmpeg"):
        found["ffmpeg, raw file to null, with start-up"] = ffmpeg(material)
    if shutil.which("sox"):
        found["sox, raw file to null, with start-up"] = sox(material)
    python = [str(ROOT / "scripts" / "python")]
    if subprocess.run([*python, "-c", "import pedalboard"], capture_output=True, check=False).returncode == 0:
        found["pedalboard"] = in_process([*python, str(HERE / "peers" / "pedalboard_chain.py")])
    return found


def render_table(report: Report, rounds: int, seconds: int) -> None:
    report.line("## Whole chain, off-line, one core")
    report.line()
    report.line(
        f"gain, delay 480, EQ of 10 peaking bands, look-ahead limiter 1.5 ms; 48 kHz, blocks of {BLOCK}, {seconds} s of noise and tones that keep "
        f"the limiter working. Times real time from CPU seconds; median of {rounds} interleaved runs (least to most). Limiters differ: "
        "ours, LSP's and Faust's look ahead and link channels (LSP in pairs), ffmpeg's looks ahead by its attack, sox has a compander, "
        "pedalboard's is two compressors and a clipper."
    )
    report.line()
    storage = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=storage) as name:
        folder = Path(name)
        table = peers(Material(folder), folder)
        figures = {peer: {} for peer in table}
        for channels in (1, 2, 8):
            times: dict[str, list[float]] = {peer: [] for peer in table}
            for turn in range(rounds):
                note(f"render table: {channels} channels, round {turn + 1} of {rounds}")
                for peer, measure in table.items():
                    times[peer].append(measure(channels, seconds))
            for peer in table:
                figures[peer][channels] = spread([seconds / t for t in times[peer]])
        rows = [[peer, *[f"{m:.0f} ({low:.0f}–{high:.0f})" for m, low, high in figures[peer].values()]] for peer in table]
        report.table(["× real time", "1 channel", "2 channels", "8 channels"], rows)
        outside = [peer for peer in table if not peer.startswith(("soundpost", "C reference"))]
        for channels, bar in ((1, 1.5), (2, 1.5), (8, 2.5)):
            fastest = max(outside, key=lambda peer: figures[peer][channels][0])
            for ours in ("soundpost, C library", "soundpost, C library, AVX2"):
                ratio = figures[ours][channels][0] / figures[fastest][channels][0]
                verdict = "reached" if ratio >= bar else f"missed by {(1 - ratio / bar) * 100:.0f} %"
                report.line(f"- {channels} channels, {ours}: {ratio:.2f}x the fastest peer ({fastest}); bar {bar}x {verdict}")
        for channels in (1, 2, 8):
            report.line(f"- {channels} channels: residual of the C reference to the library {residual_db(folder, channels):.1f} dB (bar −60 dB)")
        report.line()
