"""What the templates of compiled targets see.

Input: nothing. Output: `KernelsView`, made of strings only; `VERSION` counts the changes of its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symprop.emit.layout import Lines
from symprop.emit.view import FunctionView, RuleView

VERSION = 1


@dataclass(frozen=True, slots=True)
class KernelView:
    """A kernel: its name, the lines of its head, what it does, its body."""

    name: str
    head: Lines
    summary: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class SizesView:
    """Numbers of numbers, as expressions: the values of a history row and the loss's place among them, the document's own
    quantities, the parameters, where inputs and targets begin behind parameters and optimiser's states, the work space."""

    values: str
    loss: str
    derived: str
    parameters: str
    inputs: str
    targets: str
    work: str


@dataclass(frozen=True, slots=True)
class KernelsView:
    """A module whose arithmetic lies in kernels over flat memory.

    title, facts   the docstring: its first line, and the lines below (loss, updates, rate, kinks, source)
    constants      INPUTS, TARGETS, SHAPES, VALUES, LEARNING_RATE, ...: the document's values
    fixed          the document's constants as the kernels need them
    initial        initial_parameters
    given          how parameters, inputs and targets are given as dicts
    predict, loss  the functions' views
    helpers        the activations and other functions that the kernels call
    kernels        forward, evaluate, gradients, one step for each different rule, and `loop` where there is one
    exported       those that the module calls, and advance and run; with a letter for every argument: p memory, n integer, x number
    kind           how training runs: "floats" (`loop` also records), "samples" (`loop` runs between recorded iterations) or
                   "arrays" (steps alone)
    rules          the names of the update rules, each with its number; `steps` are the kernels by number
    fast           the number of the rule that `loop` knows
    kernel         sizes in the kernels' words, `module` in the module's
    batch          ", m" where the kernels get the number of samples, else ""; `batch_argument` declares it, `batch_given` finds it
    work           ", work" where they get work space, else ""; `work_argument` declares it, `work_given` makes it
    block, row, loss_name, table, label, shown, has_data    as in `ModuleView`
    """

    version: int
    title: str
    facts: Lines
    constants: Lines
    fixed: Lines
    initial: FunctionView
    given: Mapping[str, str]
    predict: FunctionView
    loss: FunctionView
    helpers: tuple[KernelView, ...]
    kernels: tuple[KernelView, ...]
    exported: Mapping[str, str]
    kind: str
    rules: tuple[RuleView, ...]
    steps: tuple[str, ...]
    fast: str
    kernel: SizesView
    module: SizesView
    batch: str
    batch_argument: str
    batch_given: str
    work: str
    work_argument: str
    work_given: str
    block: str
    row: Lines
    loss_name: str
    table: Lines
    label: str
    shown: Lines
    has_data: bool
