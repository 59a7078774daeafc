"""Training of plain Python as straight-line arithmetic on single floats, between nested lists.

Input: a `Program`. Output: its `Training`, and the loop as a function of the module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symprop.emit.code import Code
from symprop.emit.floats import Given, Held, Training, float_loop, sample_loop
from symprop.emit.helpers import FLOAT_FUNCTIONS, FROM_MATH
from symprop.emit.layout import Lines, unpacked
from symprop.emit.program import Program
from symprop.emit.spelling import Dialect, real
from symprop.emit.view import FunctionView
from symprop.graph import Shape

CALLS: Mapping[str, str] = {**FLOAT_FUNCTIONS, "logsumexp": "logsumexp({*})"}


def _entries(source: str, shape: Shape) -> str:
    return source if len(shape) == 1 else f"(entry for row in {source} for entry in row)"


def _samples(given: Sequence[Given]) -> str:
    """`[(*X, t) for X, t in zip(inputs["X"], inputs["t"])]`."""
    names = ", ".join(name for name, _, _ in given)
    rows = ", ".join(name if len(shape) == 1 else f"*{name}" for name, _, shape in given)
    sources = ", ".join(source for _, source, _ in given)
    return f"[({rows}) for {names} in zip({sources}, strict=True)]" if len(given) > 1 else f"[({rows},) for {names} in {sources}]"


def _array(entries: Sequence[str], shape: Shape) -> str:
    if len(shape) == 1:
        return f"[{', '.join(entries)}]"
    wide = len(entries) // int(shape[0])
    rows = (entries[start : start + wide] for start in range(0, len(entries), wide))
    return f"[{', '.join(_array(row, shape[1:]) for row in rows)}]"


LISTS = Held(_entries, _samples, _array)


def loop_function(program: Program, training: Training, names: Mapping[str, str]) -> FunctionView | None:
    """The loop of the document's update, where there is one; `names` are the module's identifiers."""
    if training.loop is None:
        return None
    code = Code(program, Dialect(CALLS, names, number=real))
    first = _from_math(training)
    if training.kind == "floats":
        return float_loop(code, training.loop, first)
    summary = "forward, gradients and step on single floats, sample by sample."
    return replace(sample_loop(code, training.loop, LISTS, first), summary=summary)


def _from_math(training: Training) -> Lines:
    """The functions of `math`, which are quicker as the loop's own names, and raise what the module's `exp` does not."""
    used = [name for name in FROM_MATH if name in training.functions]
    return unpacked(used, [f"math.{name}" for name in used])


