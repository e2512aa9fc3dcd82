#!/usr/bin/python3
"""Measures the programs beside their peers; called by pipelines/bench.mk.

    run.py rows     each program and its peer in turn, with the goals: table.md, rows.*, runs.tsv
    run.py growth   time and memory as the input grows: growth.md, growth.tsv, growth-*.*

A pair runs for warmth, where its memory is sampled, then ROUNDS times, A B A B ...; quick
pairs run more often. Nothing fails for being slow. A peer that isn't installed is named as missing.
"""
import argparse
import dataclasses
import os
import subprocess
import sys
import time

import charts
import growth
import measure
import report
import rows
import versions

QUICK = 3.0  # seconds that a pair's rounds take at least, up to MOST times the rounds
MOST = 4


class Bench:
    """What the run was asked for, and what it shares."""

    def __init__(self, options):
        self.rounds = options.rounds
        self.words = options.only.split()
        self.place = rows.Place(*(getattr(options, f.name) for f in dataclasses.fields(rows.Place)))
        for folder in ("inputs", "results", "log"):
            os.makedirs(os.path.join(options.out, folder), exist_ok=True)

    def selected(self, things):
        """Those whose name holds one of the words; all where there is no word."""
        found = [t for t in things if not self.words or any(word in t.name for word in self.words)]
        if not found:
            sys.exit(f"run.py: no name holds {' or '.join(self.words)}: {' '.join(t.name for t in things)}")
        return found

    def log(self, name):
        return os.path.join(self.place.out, "log", name.replace("/", "-"))

    def write(self, name, text):
        path = os.path.join(self.place.out, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def provide(self, *things):
        """Has make bring up the input files that the Commands, or paths, name."""
        folder = self.place.input("")
        words = [word for thing in things for word in str(thing).replace("=", " ").split()]
        files = sorted({word for word in words if word.startswith(folder)})
        if not files:  # without a goal, make would begin the bench anew
            return
        rules = os.path.join(self.place.root, "pipelines", "bench.mk")
        made = subprocess.run([self.place.make, "-s", "-f", rules, *files], check=False)
        if made.returncode:
            raise measure.Failed("its input could not be made")


def missing(peer):
    if peer and not versions.version_of(peer):
        return f"missing: {versions.PEERS[peer].package}"
    return ""


# ---- rows ----


def measure_row(bench, row):
    result = report.Result(row, trouble=missing(row.peer))
    if result.trouble:
        return result
    try:
        bench.provide(row.ours, row.theirs)
        if isinstance(row.ours, str):
            compare_sizes(result)
        else:
            compare_times(bench, result)
    except measure.Failed as problem:
        result.trouble = f"failed: {problem}"
    return result


def compare_sizes(result):
    result.unit = "bytes"
    result.ours.append(report.sized(os.path.getsize(result.row.ours)))
    result.theirs.append(report.sized(os.path.getsize(result.row.theirs)))


def compare_times(bench, result):
    row, log = result.row, bench.log(result.row.name)
    result.memory = (measure.warm_up(row.ours, log + ".ours"), measure.warm_up(row.theirs, log + ".theirs"))
    start = time.perf_counter()
    for turn in range(MOST * bench.rounds):
        if turn >= bench.rounds and time.perf_counter() - start > QUICK:
            break
        result.ours.append(measure.run(row.ours, log + ".ours"))
        result.theirs.append(measure.run(row.theirs, log + ".theirs"))


def run_rows(bench):
    chosen = bench.selected(rows.all_rows(bench.place))
    lines = announce(bench, {row.peer: None for row in chosen})
    results = []
    for row in chosen:
        results.append(measure_row(bench, row))
        print(report.short_line(results[-1]), flush=True)
        written = [bench.write("table.md", report.table(lines, results)),
                   bench.write("rows.tsv", report.tsv(results)),
                   bench.write("runs.tsv", report.runs_tsv(results))]
    written += charts.draw_rows(bench.place.out, lines, results)
    print("\nwritten:", *map(os.path.relpath, written))
    return [result.row.name for result in results if result.trouble.startswith("failed")]


# ---- growth ----


def measure_series(bench, series):
    """Every line of the series at every size, in turn."""
    result = growth.Grown(series, [line for line in series.lines if not missing(line.peer)])
    for line in series.lines:
        if missing(line.peer):
            print(f"  {line.label}: {missing(line.peer)}")
    for x in series.xs:
        commands = {line.label: line.command(x) for line in result.lines}
        bench.provide(*commands.values())
        points = {label: growth.Point(x) for label in commands}
        for line in result.lines:
            points[line.label].memory = measure.warm_up(commands[line.label], bench.log(series.name))
            if line.bound:
                points[line.label].bound = line.bound(x)
        for _ in range(bench.rounds):
            for label, command in commands.items():
                points[label].runs.append(measure.run(command, bench.log(series.name)))
        result.add(points)
        print(result.short_line(points), flush=True)
    return result


def run_growth(bench):
    chosen = bench.selected(growth.all_series(bench.place))
    lines = announce(bench, {line.peer: None for series in chosen for line in series.lines})
    results, failed = [], []
    for series in chosen:
        print(f"{series.name}: {series.title}", flush=True)
        try:
            results.append(measure_series(bench, series))
            print("".join(f"  {verdict}\n" for verdict in results[-1].verdicts()), end="", flush=True)
        except measure.Failed as problem:
            print(f"  failed: {problem}", flush=True)
            failed.append(series.name)
        bench.write("growth.tsv", growth.tsv(results))
    written = [bench.write("growth.md", growth.table(lines, results)),
               os.path.join(bench.place.out, "growth.tsv")]
    for result in results:
        written += charts.draw_growth(bench.place.out, lines, result)
    print("\nwritten:", *map(os.path.relpath, written))
    return failed


def announce(bench, peers):
    lines = versions.describe(bench.place, peers)
    lines["rounds"] = f"{bench.rounds} after a warm-up, in turn"
    print("".join(f"{name + ':':12}{text}\n" for name, text in lines.items()), flush=True)
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=("rows", "growth"))
    for name in ("root", "bin", "out", "train", "test", "data", "make", "only"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1)
    options = parser.parse_args()
    # The make that runs this must not leak into those that are started here.
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"):
        os.environ.pop(name, None)
    os.environ["PATH"] = options.bin + os.pathsep + os.environ["PATH"]
    try:
        failed = (run_rows if options.job == "rows" else run_growth)(Bench(options))
    except KeyboardInterrupt:
        sys.exit(130)
    if failed:
        sys.exit(f"run.py: failed: {' '.join(failed)}: see {os.path.join(options.out, 'log')}")


if __name__ == "__main__":
    main()
