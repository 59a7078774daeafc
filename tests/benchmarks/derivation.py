"""Derivation and emission against the number of weights, each size in a process of its own.

Input: widths of layers, as `python -m tests.benchmarks.derivation 8-16-16-4 scalar`. Output: a JSON line of seconds and MiB; as a
module, the series of sizes and the exponent of their growth.
"""

from __future__ import annotations

import json
import math
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
RANGE = (100, 5000)  # weights between which the growth is fitted


def widths(text: str) -> list[int]:
    return [int(width) for width in text.split("-")]


def weights(sizes: Sequence[int]) -> int:
    """Weights and biases."""
    return sum(wide * high + high for wide, high in pairwise(sizes))


def spec_of(sizes: Sequence[int], style: str) -> dict[str, object]:
    """The tables of a spec: sigmoid layers with a bias for each unit."""
    layers = [{"size": size, "activation": "sigmoid", "bias": "unit"} for size in sizes[1:]]
    numbers: dict[str, object] = {"learning_rate": 0.1}
    shared = {"id": "grown", "title": "-".join(map(str, sizes)), "layers": layers, "training": numbers}
    if style == "matrix":
        pairs = list(enumerate(pairwise(sizes), 1))
        leaves = {f"W{layer}": {"shape": list(pair), "draw": "glorot_uniform"} for layer, pair in pairs}
        leaves |= {f"b{layer}": {"shape": [pair[1]], "value": 0} for layer, pair in pairs}
        data = {"inputs": {"X": {"shape": ["m", sizes[0]]}}, "targets": {"Y": {"shape": ["m", sizes[-1]]}}}
        return {**shared, **data, "parameters": leaves, "network": {"style": style}}
    for layer in layers:
        layer["biases"] = "b_{unit}"
    named = {f"w{index}": 0.1 for index in range(1, weights(sizes) - sum(sizes[1:]) + 1)}
    named |= {f"b_{unit}": 0.1 for unit in _units(sizes[1:])}
    ends = {"inputs": {f"i{index}": 0.5 for index in range(1, sizes[0] + 1)}}
    ends["targets"] = {f"t{index}": 0.5 for index in range(1, sizes[-1] + 1)}
    return {**shared, **ends, "parameters": named, "network": {"style": style}}


def _units(sizes: Sequence[int]) -> Iterator[str]:
    """The units' names as symprop gives them: h1, h2 or h1_1, h1_2, ..., then o1, o2."""
    alone = len(sizes) == 2
    for layer, size in enumerate(sizes, 1):
        letter = "o" if layer == len(sizes) else "h" if alone else f"h{layer}_"
        yield from (f"{letter}{index}" for index in range(1, size + 1))


def worker(text: str, style: str) -> None:
    """Say the seconds of each stage, and the MiB that they needed beyond the imports."""
    from symprop.derive import derive
    from symprop.emit import module
    from symprop.spec import network

    derive(network(**spec_of([2, 2, 1], "scalar")))  # what is loaded and cached once does not count
    words = spec_of(widths(text), style)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    built = network(**words)
    built_at = time.process_time()
    derivation = derive(built)
    derived_at = time.process_time()
    derive_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = len(module(derivation).splitlines())
    done, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures = {"build_s": built_at - start, "derive_s": derived_at - built_at, "emit_s": done - derived_at, "lines": lines}
    print(json.dumps({**figures, "derive_mib": (derive_peak - before) / 1024, "all_mib": (peak - before) / 1024}))


def measured(text: str, style: str, rounds: int = 1) -> dict[str, object]:
    """The figures of one network, the medians of so many processes; `failed` says why there are none."""
    found: list[dict[str, float]] = []
    for _ in range(rounds):
        command = [sys.executable, "-m", "tests.benchmarks.derivation", text, style]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            return {"network": text, "style": style, "failed": done.stderr.strip().splitlines()[-1]}
        found.append(json.loads(done.stdout))
    medians = {key: statistics.median(each[key] for each in found) for key in found[0]}
    return {"network": text, "style": style, "weights": weights(widths(text)), **medians}


def series(quick: bool) -> dict[str, list[str]]:
    """Networks by the way in which they grow."""
    squares = (2, 8, 16) if quick else (2, 4, 8, 12, 16, 24, 32, 40, 50)
    depths = (1, 4, 16) if quick else (1, 2, 4, 8, 16, 32, 64)
    return {
        "n-n-n-1": [f"{n}-{n}-{n}-1" for n in squares],
        "depth": ["-".join(["8"] * (depth + 1)) + "-1" for depth in depths],
    }


def exponent(rows: Sequence[dict[str, object]], key: str) -> float:
    """The slope of log(figure) over log(weights), by least squares, in RANGE."""
    inside = [row for row in rows if "failed" not in row and RANGE[0] <= float(str(row["weights"])) <= RANGE[1]]
    points = [(math.log(float(str(row["weights"]))), math.log(max(1e-9, float(str(row[key]))))) for row in inside]
    if len(points) < 2:
        return math.nan
    return statistics.linear_regression(*zip(*points, strict=True)).slope


if __name__ == "__main__":
    worker(*sys.argv[1:])
