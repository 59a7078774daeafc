"""The tests that lie beside a module and need nothing of symprop: its gradients, the document's numbers, its door.

Input: a `Derivation` and a target's name. Output: the text of `test_network.py`, the same bytes in every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symprop.derive import Derivation
from symprop.emit.contract import class_target
from symprop.emit.evidence import claim_lines, claimed_gradients, held_claims, left_out, loss_lines, reproducible, start_values
from symprop.emit.facts import quoted
from symprop.emit.functions import functions_in
from symprop.emit.helpers import WHOLE
from symprop.emit.layout import Lines, stacked
from symprop.emit.modules import TARGETS, require_python
from symprop.emit.program import Program, program_of
from symprop.emit.values import argument_names, by_name, direct, has_data, shape_text
from symprop.errors import UnsupportedError, UsageError, suggestion
from symprop.graph import Network
from symprop.spec.options import OPTIMIZERS
from symprop.templating import render
from symprop.terms import Apply, Number, Power, Term, names_in, subterms
from symprop.worked import floats

TEMPLATE = "test_network.py.jinja"
VERSION = 1
NOT_ANALYTIC = ("abs", "sign", "erf", "erfc")  # a step along the imaginary axis does not pass through these
ENDING = ("log", "log1p", "sqrt")  # functions that have no values beyond 0 or -1
SAMPLES = 4  # of drawn data


@dataclass(frozen=True, slots=True)
class Given:
    """How a target is given numbers: lines after the imports, `value` as it takes it, and whether complex numbers pass.

    `double` says whether its functions compute in doubles when they are given them, whatever the module's own precision.
    `most` is the largest number of updates after which a claim is tested: it keeps the tests in seconds. `drawn` says whether
    what `np.random.Generator` draws is the same in it.
    """

    setup: Lines = ()
    value: str = "np.asarray(value, dtype=np.{})[()]"
    complex: bool = False
    double: bool = True
    most: int = 200_000
    drawn: bool = True


GIVEN: Mapping[str, Given] = {
    "numpy": Given(complex=True),
    "numba": Given(double=False),
    "c": Given(double=False),
    "jax": Given(
        ('jax = pytest.importorskip("jax")', 'jax.config.update("jax_enable_x64", True)'), 'jax.numpy.asarray(value, "{}")'
    ),
    "torch": Given(('torch = pytest.importorskip("torch")',), "torch.as_tensor(value, dtype=torch.{})", most=1000),
    "python": Given(value="np.asarray(value, dtype=np.{}).tolist()", most=20_000, drawn=False),
}


@dataclass(frozen=True, slots=True)
class SelftestView:
    """What the template sees.

    version               VERSION, which counts the changes of these fields
    title, name, module   the document's title, this file's name and the name of the file that it tests
    setup, value          lines after the imports; an expression that makes of `value` what the module takes
    double                the same in double precision, in which slopes are taken; "" where that is no other
    data                  the lines of INPUTS and TARGETS
    samples               the number of samples, for a module that trains in batches, else ""
    letter                the length's name in SHAPES, for one that draws its batches by `np.random.Generator`, else ""
    method, stride        how slopes are had, "complex" or "central", and the length of the longest central step
    relative, noise       by how much a gradient may differ from the slope: of the largest gradient, and of the loss
    near                  by how much numbers of two ways of computing may differ, relatively
    losses                LOSSES: the loss after so many updates by each rule; empty without data, or with draws without a seed
    descends              whether a simultaneous step is the learning rate times the gradient
    classes               the number of classes, where targets may be integers, else ""
    claims, left_out      CLAIMS, and the comment on those that are not among them
    gradients             the lines that name the gradients of which claims speak
    long                  by how much a number that is printed in full may differ
    """

    version: int
    title: str
    name: str
    module: str
    setup: Lines
    value: str
    double: str
    data: Lines
    samples: str
    letter: str
    method: str
    stride: str
    relative: str
    noise: str
    near: str
    losses: Lines
    descends: bool
    classes: str
    claims: Lines
    left_out: Lines
    gradients: Lines
    long: str


def selftest(derivation: Derivation, target: str = "numpy", templates: Path | None = None) -> tuple[str, str]:
    """The name and the text of the tests of a target's module.

    `templates` is a folder whose templates come before the shipped ones. Raises UsageError for an unknown target,
    UnsupportedError where its tests are not known, InputError where a user's template does not give valid Python.
    """
    if target not in TARGETS:
        raise UsageError(f"target '{target}' is unknown{suggestion(target, TARGETS)}")
    if target not in GIVEN:
        raise UnsupportedError(f"--tests: no tests for the target '{target}' (known: {', '.join(GIVEN)})")
    view = selftest_view(program_of(derivation), target)
    text = render(TEMPLATE, view, templates)
    require_python(text, TEMPLATE)
    return view.name, text


def selftest_view(program: Program, target: str) -> SelftestView:
    """The view of the tests of a target's module."""
    network, given = program.network, GIVEN[target]
    batched = network.training.batch_size is not None
    numbered = reproducible(network, given.drawn)
    held = held_claims(program, given.most) if numbered and network.training.dtype == "float64" else ()
    module = next(name for name in TARGETS[target].files if name.endswith(".py"))
    limits, found = LIMITS[_method(program, given)], class_target(program)
    return SelftestView(
        version=VERSION,
        title=quoted(network.title),
        name=f"test_{module}",
        module=module,
        setup=given.setup,
        value=given.value.format(network.training.dtype),
        double=given.value.format("float64") if given.double and network.training.dtype != "float64" else "",
        data=_data(program),
        samples=str(_samples(network)) if batched else "",
        letter=network.batch or "" if batched and given.drawn else "",
        method=limits.method,
        stride=limits.stride,
        relative=limits.relative,
        noise=limits.noise,
        near="1e-9" if network.training.dtype == "float64" else "1e-4",
        losses=loss_lines(program) if numbered else (),
        descends=OPTIMIZERS[network.training.optimizer].plain,
        classes=str(found[1]) if found else "",
        claims=claim_lines(held),
        left_out=left_out(network, held) if held else (),
        gradients=tuple(claimed_gradients(program, held)),
        long="1e-13" if target == "numpy" else "1e-11",
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """How slopes are taken, and how near the gradients must come."""

    method: str
    stride: str
    relative: str
    noise: str


LIMITS: Mapping[tuple[bool, str], Limits] = {  # whether a complex step passes, and the precision of what is evaluated
    (True, "float64"): Limits("complex", "", "1e-9", "0"),
    (True, "float32"): Limits("complex", "", "1e-4", "0"),
    (False, "float64"): Limits("central", "1e-5", "1e-6", "1e-9"),
    (False, "float32"): Limits("central", "1e-5", "1e-4", "1e-9"),
    (False, "single"): Limits("central", "1e-2", "1e-2", "1e-4"),
}


def _method(program: Program, given: Given) -> tuple[bool, str]:
    dtype = program.network.training.dtype
    exact = given.complex and analytic(program) and _stays_finite(program.network)
    return exact, dtype if given.double or dtype == "float64" else "single"


def analytic(program: Program) -> bool:
    """Whether a step along the imaginary axis passes through the loss in NumPy."""
    values = functions_in((line.term for line in (*program.forward, *program.losses)), WHOLE)
    return {*NOT_ANALYTIC}.isdisjoint(values) and {"erf", "erfc"}.isdisjoint(functions_in(program.terms, WHOLE))


def _stays_finite(network: Network) -> bool:
    """Whether the step comes through at the document's numbers: of an exp that overflows no imaginary part is left."""
    if not reproducible(network, drawn=True) or (start := start_values(network)) is None:
        return True
    moved = {name: value + 1e-30j for name, value in start.items()}
    return bool(np.isfinite(floats.forward(network, moved)[network.graph.loss]))


def _samples(network: Network) -> int:
    """The number of samples in the document's data, or of those that are drawn."""
    return (has_data(network) and network.samples) or SAMPLES


def _data(program: Program) -> Lines:
    """`INPUTS = ...` and `TARGETS = ...`: the module's, or drawn where it has none."""
    if has_data(program.network):
        return ("INPUTS, TARGETS = network.INPUTS, network.TARGETS",)
    return ("RANDOM = np.random.default_rng(0)", *_drawn(program, "inputs"), *_drawn(program, "targets"))


def _drawn(program: Program, argument: str) -> Lines:
    """Targets between 0 and 1, inputs on both sides of 0; those of functions that end there lie between 0 and 1, too."""
    network = program.network
    names, one = argument_names(network, argument), direct(network, argument)
    ended = names if argument == "targets" else _ended(program)
    calls = {name: f"RANDOM.{'uniform' if name in ended else 'normal'}(size={_size(network, name)})" for name in names}
    texts = {name: f"given({call})" for name, call in calls.items()}
    if one is not None:
        return (f"{argument.upper()} = {texts[one]}",)
    return stacked(f"{argument.upper()} = ", by_name(texts.items()), "{}", 0)


def _ended(program: Program) -> set[str]:
    """The names inside logarithms, roots and powers that are no integers."""
    parts = (part for line in (*program.forward, *program.losses) for part in subterms(line.term))
    return {name for part in parts if _ends(part) for name in names_in(part)}


def _ends(part: Term) -> bool:
    if isinstance(part, Power):
        return not isinstance(part.exponent, Number) or part.exponent.value.denominator != 1
    return isinstance(part, Apply) and part.function in ENDING


def _size(network: Network, name: str) -> str:
    return shape_text(tuple(length if isinstance(length, int) else SAMPLES for length in network.graph.shape(name)))
