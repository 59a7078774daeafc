"""hand_written.c, compiled with `-O3 -march=native` (and whatever else is asked for) and called through ctypes.

Input: a `Problem`. Output: its parameters after training, and the history by name.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

COMPILER = shutil.which("cc") or shutil.which("gcc")
FLAGS: list[str] = []  # beside -O3 -march=native
LONG, NUMBER, MEMORY = ctypes.c_long, ctypes.c_double, ctypes.c_void_p


@cache
def library():
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "hand_written.so")
        source = Path(__file__).with_suffix(".c")
        command = [COMPILER, "-O3", "-march=native", *FLAGS, "-shared", "-fPIC", "-o", made, source, "-lm"]
        subprocess.run(command, check=True)
        loaded = ctypes.CDLL(str(made))
    loaded.two_node.argtypes = [MEMORY, NUMBER, NUMBER, NUMBER, LONG, MEMORY]
    loaded.step_by_step.argtypes = [MEMORY, MEMORY, MEMORY, NUMBER, LONG, MEMORY]
    loaded.hidden_layer.argtypes = [MEMORY, MEMORY, MEMORY, MEMORY, LONG, NUMBER, LONG, LONG, MEMORY]
    return loaded


def two_node(problem):
    w = np.array(list(problem.parameters.values()))
    rows = np.empty((problem.iterations, 9))
    s0, target = problem.inputs["s0"], problem.targets["target"]
    library().two_node(w.ctypes.data, s0, target, problem.learning_rate, problem.iterations, rows.ctypes.data)
    return dict(zip(problem.parameters, w, strict=True)), {"out": rows[:, 4], "rows": rows}


def step_by_step(problem):
    w, i, t = (np.array(list(each.values())) for each in (problem.parameters, problem.inputs, problem.targets))
    rows = np.empty((problem.iterations, 19))
    memory = w.ctypes.data, i.ctypes.data, t.ctypes.data
    library().step_by_step(*memory, problem.learning_rate, problem.iterations, rows.ctypes.data)
    return dict(zip(problem.parameters, w, strict=True)), {"E_total": rows[:, 10], "rows": rows}


def hidden_layer(problem):
    Wh, Wo = problem.parameters["Wh"].copy(), problem.parameters["Wo"].copy()
    X, y = np.ascontiguousarray(problem.inputs, float), np.ascontiguousarray(problem.targets, float)
    errors = np.empty(-(-problem.iterations // problem.record_every))
    memory = Wh.ctypes.data, Wo.ctypes.data, X.ctypes.data, y.ctypes.data
    counts = problem.iterations, problem.record_every
    library().hidden_layer(*memory, len(X), problem.learning_rate, *counts, errors.ctypes.data)
    return {"Wh": Wh, "Wo": Wo}, {"error": errors}
