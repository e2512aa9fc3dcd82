#!/usr/bin/python3
"""How long a line waits for its answer in a live pipe: live.py OUT TRAIN TEST JOBS

A pipe of vectorize and rf-predict is started on vectors and evidence that were learnt from TRAIN (made
once, in OUT), and gets the texts of TEST one by one, up to 1,000, each when the answer to the one
before was read. The first one waits for the models to be read and is left out. Prints the median in
seconds, and the 99th percentile and the most for who reads it.
"""
import os
import statistics
import subprocess
import sys
import time

MOST = 1000


def make_models(out, train):
    """linear.mp, vectors.mp and model.mp; the last one tells that all are there."""
    paths = {name: os.path.join(out, name + ".mp") for name in ("vectors", "linear", "model", "samples")}
    if not os.path.exists(paths["model"]):
        os.makedirs(out, exist_ok=True)
        for command in (
                ["glove-train", "--format", "mp", "--iter", "10", "-o", paths["vectors"], train],
                ["linear-train", "-o", paths["linear"], train],
                ["vectorize", "--vectors", paths["vectors"], "--linear", paths["linear"], "-o", paths["samples"],
                 train],
                ["rf-train", "--min-samples-leaf", "3", "-o", paths["model"], paths["samples"]]):
            subprocess.run([*command[:1], "-q", *command[1:]], check=True)
    return paths


def start(paths, jobs):
    vectorize = subprocess.Popen(["vectorize", "-q", "-j", jobs, "--no-label", "--vectors", paths["vectors"],
                                  "--linear", paths["linear"], "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    predict = subprocess.Popen(["rf-predict", "-q", "-j", jobs, "--labels-only", paths["model"]],
                               stdin=vectorize.stdout, stdout=subprocess.PIPE)
    vectorize.stdout.close()
    return vectorize, predict


def main():
    out, train, test, jobs = sys.argv[1:]
    with open(test, "rb") as texts:
        lines = [line.partition(b"\t")[2] for line, _ in zip(texts, range(MOST))]
    vectorize, predict = start(make_models(out, train), jobs)
    waits = []
    for line in lines:
        begun = time.perf_counter()
        vectorize.stdin.write(line)
        vectorize.stdin.flush()
        answer = predict.stdout.readline()
        waits.append(time.perf_counter() - begun)
        assert answer.endswith(b"\n"), "no answer"
    vectorize.stdin.close()
    assert vectorize.wait() == predict.wait() == 0 and not predict.stdout.read()
    waits = sorted(waits[1:])
    print(f"seconds\t{statistics.median(waits):.6f}")
    print(f"p99\t{waits[len(waits) * 99 // 100]:.6f}\nmost\t{waits[-1]:.6f}")


if __name__ == "__main__":
    main()
