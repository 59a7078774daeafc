"""The generated module of a task: `python -m tests.benchmarks.generate TASK TARGET FOLDER`; its time is the time to generate.

Input: a task's name, a target, a folder. Output: the target's files in the folder; exit 1 with a line where it refuses.
"""

from __future__ import annotations

import sys
from pathlib import Path

from symprop.derive import derive
from symprop.emit import modules
from symprop.errors import SympropError
from symprop.graph import Network
from symprop.spec import load, network
from tests.benchmarks.problems import BATCH, SIZES, TASKS, Problem


def spec_of(problem: Problem) -> Network:
    """A bundled network, or T4's as a spec of layers."""
    if problem.net != "digits":
        return load(problem.net)
    parameters: dict[str, object] = {}
    for layer, (wide, high) in enumerate(zip(SIZES, SIZES[1:], strict=False), 1):
        parameters[f"W{layer}"] = {"shape": [wide, high], "draw": "glorot_uniform"}
        parameters[f"b{layer}"] = {"shape": [high], "value": 0}
    activations = (problem.activation, problem.activation, "identity")
    return network(
        id="digits",
        title="784-128-64-10 on batches of 128",
        inputs={"X": {"shape": ["m", SIZES[0]]}},
        targets={"Y": {"shape": ["m", SIZES[-1]]}},
        parameters=parameters,
        network={"loss": "softmax_cross_entropy", "style": "matrix"},
        layers=[{"size": size, "activation": each, "bias": "unit"} for size, each in zip(SIZES[1:], activations, strict=True)],
        training={"learning_rate": 0.1, "iterations": 20, "batch_size": BATCH, "dtype": problem.dtype, "seed": 0},
    )


def main(task: str, target: str, folder: str) -> int:
    """Write the files."""
    try:
        files = modules(derive(spec_of(TASKS[task].problem(1))), target)
    except SympropError as error:
        print(error, file=sys.stderr)
        return 1
    for name, text in files.items():
        Path(folder, name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
