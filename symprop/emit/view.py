"""What a module's template sees: frozen values made of strings only; a template loops and fills.

Input: nothing. Output: `ModuleView`. Its fields are an interface for users' own templates: `VERSION` counts their changes.
Lines are physical lines of code without the indentation of the block in which they stand.
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = 2
Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FunctionView:
    """A function: name, parameters, the docstring's line, the body."""

    name: str
    arguments: str
    summary: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class RuleView:
    """An update rule: its key, and the function that makes one step."""

    key: str
    step: str


@dataclass(frozen=True, slots=True)
class ModuleView:
    """One NumPy module.

    title, facts   the docstring: its first line, and the lines below (loss, updates, rate, kinks, source)
    lint           a linter's exception that the document's names need, or ""
    imports        the lines of the standard library's imports
    constants      INPUTS, TARGETS, SHAPES, LEARNING_RATE, ...: the document's values
    functions      the activations and other functions that the equations call, then initial_parameters, forward, predict,
                   evaluate, loss, gradients
    steps, rules   one function for each different update rule, and the table of the rules' names
    rules_differ   whether there is more than one
    updates        UPDATES, the rules' names alone, for a module with one rule
    loop           the functions of training's inner loop for the document's update, after what they call; empty: `step` alone
    fast           FAST, the names of that update
    kind           how training runs: "floats" (the loop also records), "samples" (the loop on floats runs between recorded
                   iterations, while `samples`, the number of samples, is at most `sample_limit`), "arrays" (in place, in memory
                   that was made before) or "steps" (`step` alone)
    batched        whether an iteration takes the samples in batches
    batch, few     the inputs and the targets of a batch, and of the first samples
    stated         whether the optimiser keeps a state beside the parameters
    float          what NumPy calls the module's floats
    block          the number of iterations between two looks at the loss
    checks         the lines of `train` that check shapes
    row            ROW, the names of a history row's entries
    loss           the loss's name
    table          TABLE, the names that `python network.py` prints for each recorded iteration; empty: no data, no table
    label          the width of the printed names
    shown          the names of the arrays printed below it
    """

    version: int
    title: str
    facts: Lines
    lint: str
    imports: Lines
    constants: Lines
    functions: tuple[FunctionView, ...]
    steps: tuple[FunctionView, ...]
    rules: tuple[RuleView, ...]
    rules_differ: bool
    updates: Lines
    loop: tuple[FunctionView, ...]
    fast: Lines
    kind: str
    batched: bool
    batch: Lines
    few: Lines
    stated: bool
    float: str
    block: str
    samples: str
    sample_limit: str
    checks: Lines
    row: Lines
    loss: str
    table: Lines
    label: str
    shown: Lines
