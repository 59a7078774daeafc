"""What a module's template sees: frozen values made of strings only; a template loops and fills.

Input: nothing. Output: `ModuleView`. Its fields are an interface for users' own templates: `VERSION` counts their changes.
Lines are physical lines of code without the indentation of the block in which they stand.
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = 4
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

    version        VERSION, which counts the changes of these fields
    title, facts   the docstring: its first line, and the lines below (loss, updates, rate, kinks, source)
    lint           a linter's exception that the document's names need, or ""
    imports        the lines of the standard library's imports
    constants      INPUTS, TARGETS, CONSTANTS, LEARNING_RATE, ITERATIONS, ...: the document's values
    functions      the activations and other functions that the equations call, then forward, predict, evaluate, loss, gradients
    steps          one function for each different update rule
    rules_differ   whether there is more than one
    updates        UPDATES: the rules' functions by name; the names alone where there is one rule
    ends           initial_parameters, and the functions of `train`'s door
    stated         whether the optimiser keeps a state beside the parameters
    checks         the lines of `train` that check names and shapes
    kind           how training runs: "floats" (a loop on single floats, which also records), "samples" (a loop on floats, while
                   `samples`, the number of samples, is at most `sample_limit`) or "steps" (`step`)
    loop           the functions of training's inner loop for the document's update, after what they call; empty: `step` alone
    fast           the condition under which an update is that one
    batch          the lines that take a batch: `samples`, the inputs and the targets at the places `batch`; empty: no batches
    few            inputs and targets, of the first samples where they come in batches
    float          what NumPy calls the module's floats
    block          the number of iterations between two looks at the loss
    letter         what SHAPES calls the number of samples, "" where there is none
    shapes         SHAPES
    row            ROW, the names of a history row's entries
    loss           the loss's name
    table          the names that `python network.py` prints for each recorded iteration; empty: no data, no table
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
    rules_differ: bool
    updates: Lines
    ends: tuple[FunctionView, ...]
    stated: bool
    checks: Lines
    kind: str
    loop: tuple[FunctionView, ...]
    fast: str
    batch: Lines
    few: str
    float: str
    block: str
    letter: str
    samples: str
    sample_limit: str
    shapes: Lines
    row: Lines
    loss: str
    table: Lines
    label: str
    shown: Lines
