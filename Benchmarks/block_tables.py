"""Time of a block: each module alone, the chain at several block lengths, rows of biquads."""

from harness import WORK, Report, note, run_json


def block_tables(report: Report) -> None:
    note("modules and blocks")
    results = run_json([str(WORK / "soundpost-modules")])
    report.line("## Each module alone, blocks of 240")
    report.line()
    report.line("ns of CPU per sample and channel: median (p10–p90) of 41 runs of half a second of audio. Framework included.")
    report.line()
    alone = [r for r in results if r["block"] == 240 and r["what"] != "chain"]
    names = list(dict.fromkeys(r["what"] for r in alone))
    rows = []
    for name in names:
        row = [name]
        for r in (r for r in alone if r["what"] == name):
            low, mid, high = (us * 1000 / 240 / r["channels"] for us in r["microseconds"])
            row.append(f"{mid:.2f} ({low:.2f}–{high:.2f})")
        rows.append(row)
    report.table(["module", "1 channel", "2 channels", "8 channels"], rows)

    report.line("## The chain, by block length")
    report.line()
    report.line("µs of CPU a block, median (p10–p90), and its share of the block's duration at 48 kHz.")
    report.line()
    rows = []
    for block in (32, 64, 240, 1024):
        row = [str(block)]
        for r in (r for r in results if r["what"] == "chain" and r["block"] == block):
            low, mid, high = r["microseconds"]
            row.append(f"{mid:.2f} ({low:.2f}–{high:.2f}), {mid / (block / 48000 * 1e6) * 100:.2f} %")
        rows.append(row)
    report.table(["frames", "1 channel", "2 channels", "8 channels"], rows)

    report.line("## Rows of biquads, blocks of 1024 at 48 kHz")
    report.line()
    report.line("The workload CamillaDSP publishes times for: 96 biquads a block. Double coefficients and state.")
    report.line()
    rows = [
        [r["what"], f"{r['microseconds'][1]:.1f} ({r['microseconds'][0]:.1f}–{r['microseconds'][2]:.1f})", f"{r['microseconds'][1] * 1000 / 1024 / 96:.3f}"]
        for r in results
        if "biquads" in r["what"]
    ]
    report.table(["workload", "µs a block", "ns a sample and biquad"], rows)
