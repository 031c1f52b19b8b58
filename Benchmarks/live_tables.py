"""Playing live: how long a block takes while nothing and while much happens; what a second worker brings."""

from harness import WORK, Report, note, run_json


def live_table(report: Report, seconds: int) -> None:
    report.line("## Live, stereo chain, paced driver")
    report.line()
    report.line(
        f"Wall-clock µs a block over {seconds} s at 48 kHz; 1,000 edits a second change gain, delay, band gain, band frequency and ceiling in turn. "
        "Late: most a wake-up came after its deadline, which is the machine's scheduling. Dropped: frames given up (more than 4 late)."
    )
    report.line()
    rows = []
    for frame in (32, 64, 240, 1024):
        for edits in (0, 1000):
            note(f"live: {frame} frames, {edits} edits a second")
            r = run_json([str(WORK / "soundpost-live"), str(frame), str(edits), str(seconds)], one_core=False)[0]
            us = [f"{value:.1f}" for value in r["us"]]
            scheduling = "SCHED_FIFO" if r["realtime"] & 1 else "normal"
            rows.append([str(frame), str(edits), *us, f"{frame / 48:.2f}", f"{r['latenessUs']:.0f}", str(r["dropped"]), scheduling])
            if r["refused"]:
                raise RuntimeError(f"live: {r['refused']} edits were refused")
    report.table(["frames", "edits/s", "p50", "p99", "p99.9", "max", "period ms", "late µs", "dropped", "scheduling"], rows)


def worker_table(report: Report) -> None:
    note("two workers against one")
    results = run_json([str(WORK / "soundpost-workers")], one_core=False)
    report.line("## Two workers against one, off-line")
    report.line()
    report.line("Two simulated cores with equal work (rows of 20-band EQs, 8 channels); wall-clock µs a frame, medians of 9 × 400 frames.")
    report.line()
    rows = [
        [f"{r['frame']} × {r['modules']}", f"{r['oneUs']:.1f}", f"{r['twoUs']:.1f}", f"{r['oneUs'] / r['twoUs']:.2f}"]
        for r in sorted(results, key=lambda r: r["oneUs"])
    ]
    report.table(["frames × modules", "one worker", "two workers", "speed-up"], rows)
    # The shortest frame from which on every longer one gains, too.
    paying: float | None = None
    for r in sorted(results, key=lambda r: -r["oneUs"]):
        if r["oneUs"] / r["twoUs"] < 1.05:
            break
        paying = r["oneUs"]
    even = f"frames of {paying:.1f} µs of work" if paying else "not reached"
    report.line(f"Break-even: {even}; from 200 µs a frame the bar is 1.7.")
    report.line()
