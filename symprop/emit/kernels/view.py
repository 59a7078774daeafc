"""What the templates of compiled targets see.

Input: nothing. Output: `KernelsView`, made of strings only; `VERSION` counts the changes of its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symprop.emit.layout import Lines
from symprop.emit.view import FunctionView, RuleView

VERSION = 4


@dataclass(frozen=True, slots=True)
class KernelView:
    """A kernel: its name, the lines of its head, what it does, its body."""

    name: str
    head: Lines
    summary: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class ExtraView:
    """An argument that not every module's kernels get, behind a comma, or "": its `name`, how a head declares it as `argument`,
    and how the module gives it."""

    name: str = ""
    argument: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class SizesView:
    """Numbers of numbers, as expressions: what evaluate computes and the loss's place in it, how many of these are left out at
    the front of a history row and how many are kept, the document's own quantities, the parameters alone and with the optimiser's
    states, where the targets begin behind these and the inputs, the work space."""

    values: str
    loss: str
    first: str
    kept: str
    derived: str
    parameters: str
    carried: str
    targets: str
    work: str


@dataclass(frozen=True, slots=True)
class PrintedView:
    """What a history holds and what is printed of it: the loss's name, ROW, TABLE (as in `ModuleView`), the names of the arrays
    below the table, the width of the printed names."""

    loss: str
    row: Lines
    table: Lines
    shown: str
    label: str


@dataclass(frozen=True, slots=True)
class KernelsView:
    """A module whose arithmetic lies in kernels over flat memory.

    title, facts   the docstring: its first line, and the lines below (loss, updates, rate, kinks, source)
    lint           a linter's exception that the document's names need in Python, or ""
    constants      INPUTS, TARGETS, SHAPES, VALUES, LEARNING_RATE, ...: the document's values
    fixed          the document's constants as the kernels need them
    initial        initial_parameters
    classes        one_hot, where the loss takes integer classes
    given          how parameters, inputs and targets are given as dicts
    predict, loss  the functions' views
    helpers        the activations and other functions that the kernels call
    kernels        forward, evaluate, gradients, one step for each different rule, and `loop` where there is one
    exported       those that the module calls, and advance and run; with a letter for every argument: p memory, n integer, x number
    kind           how training runs: "floats" (`loop` also records), "samples" (`loop` runs between recorded iterations) or
                   "arrays" (steps alone)
    rules          the names of the update rules, each with its number; `steps` are the calls that make one step, by number
    fast           the number of the rule that `loop` knows
    kernel         sizes in the kernels' words, `module` in the module's
    batch, work    the number of samples and the work space, where the kernels get them
    letter         the number of samples as SHAPES calls it, or ""
    float, word    the floats in memory, as NumPy and as the kernels' language call them
    stated, batched    whether the optimiser has states; whether training goes batch by batch
    block          the number of iterations between two looks at the loss
    printed        the names in a history and in the table
    has_data       whether the spec gives every input and target
    """

    version: int
    title: str
    facts: Lines
    lint: str
    constants: Lines
    fixed: Lines
    initial: FunctionView
    classes: tuple[FunctionView, ...]
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
    batch: ExtraView
    work: ExtraView
    letter: str
    float: str
    word: str
    stated: bool
    batched: bool
    block: str
    printed: PrintedView
    has_data: bool
