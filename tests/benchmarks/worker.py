"""One contender on one task, in a process of its own, so that neither memory nor compiled code is shared.

Input: contender, task, size, the folder of a generated module as arguments; on stdin, for each timing, a line: the number of calls.
Output: a JSON line when the first result is there, and one for each timing; a wrong result ends the process with its reason.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.benchmarks.contenders import CONTENDERS, Contender
from tests.benchmarks.problems import TASKS, Problem, WrongResult

Result = tuple[Any, Any]


def prepared(contender: Contender, problem: Problem, folder: str) -> Callable[[], Result]:
    """The training as a call without arguments; importing is all that happens here."""
    if contender.target is None:
        module = importlib.import_module(f"tests.benchmarks.baselines.{contender.name}")
        function = getattr(module, problem.net)
        return lambda: function(problem)
    train = _loaded(Path(folder)).train
    options: dict[str, Any] = {"batch_size": problem.batch_size, "seed": problem.seed} if problem.batch_size else {}
    options |= {"learning_rate": problem.learning_rate, "iterations": problem.iterations, "record_every": problem.record_every}
    return lambda: train(problem.parameters, problem.inputs, problem.targets, **options)


def _loaded(folder: Path) -> ModuleType:
    """The module whose name begins with network; it is registered, as numba's cache wants."""
    (path,) = folder.glob("network*.py")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def say(**fields: object) -> None:
    print(json.dumps(fields), flush=True)


def finished(result: Result, contender: Contender) -> Result:
    """The result, computed: JAX returns before its numbers are there."""
    if "jax" in contender.needs:
        import jax

        jax.block_until_ready(result[0])
    return result


def main(name: str, task_name: str, size: int, folder: str) -> None:
    """The first result, then as many timings as are asked for."""
    contender, task = CONTENDERS[name], TASKS[task_name]
    problem = task.problem(size)
    start = time.perf_counter()
    run = prepared(contender, problem, folder)
    imported = time.perf_counter()
    result = finished(run(), contender)
    first = time.perf_counter() - imported
    try:
        task.check(problem, *result)
        say(imported=imported - start, first=first)
        for line in sys.stdin:
            calls = int(line)
            wall, cpu = time.perf_counter(), time.process_time()
            for _ in range(calls):
                result = finished(run(), contender)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            task.check(problem, *result)
            say(wall=wall / calls, cpu=cpu / calls, peak=peak)
    except WrongResult as wrong:
        say(wrong=str(wrong))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
