"""The answer to an exercise, read back from what is printed: every formula agrees with differences of the loss.

The printed text is parsed by the language and evaluated at the document's numbers; the loss comes from plain forward passes.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from symprop.derive import Derivation, derive
from symprop.errors import UsageError
from symprop.graph import new_name
from symprop.language import Names, read
from symprop.render.document import Display, Document, Paragraph
from symprop.render.exercise import FORMS, Form, exercise
from symprop.render.writers.plain import body_text, plain
from symprop.spec import bundled, load
from symprop.terms import Partial, names_in, subterms
from symprop.worked import floats
from symprop.worked.initial import initial_values

STEP = 1e-6
CASES = [(net, form) for net in bundled() for form in FORMS if form != "matrix" or not load(net).graph.scalar]
ARRAYS = [net for net in bundled() if not load(net).graph.scalar]


@cache
def derivation(net: str) -> Derivation:
    return derive(load(net))


@cache
def start(net: str) -> Mapping[str, Any]:
    return {name: floats.to_floats(value) for name, value in initial_values(load(net)).items()}


def loss(net: str, parameters: Mapping[str, Any]) -> float:
    return float(floats.forward(load(net), parameters)[load(net).graph.loss])


def differences(net: str, name: str) -> Any:
    """(E(p + h) - E(p - h))/(2*h) of each entry of a parameter."""
    value = np.array(start(net)[name], dtype=float)
    made = np.empty_like(value)
    for place in np.ndindex(value.shape):
        ahead, behind = value.copy(), value.copy()
        ahead[place] += STEP
        behind[place] -= STEP
        made[place] = (loss(net, {**start(net), name: ahead}) - loss(net, {**start(net), name: behind})) / (2 * STEP)
    return made


def displays(document: Document) -> list[Display]:
    return [block for block in document.blocks if isinstance(block, Display)]


def printed(text: str, net: str, values: Mapping[str, Any]) -> Any:
    """The value of a printed formula; a derivative in it is refused, because it is a symbol."""
    arrays = {name: np.ndim(value) for name, value in values.items() if np.ndim(value)}
    term = read(text, Names.of(*(name for name in values if name not in arrays), **arrays))
    assert not any(isinstance(part, Partial) for part in subterms(term))
    return floats.evaluate(term, values)


def is_symbolic(display: Display, place: int) -> bool:
    body = display.members[place].body
    return any(isinstance(part, Partial) for part in subterms(body))  # type: ignore[type-var]


@pytest.mark.parametrize(("net", "form"), CASES)
def test_every_printed_gradient_is_the_slope_of_the_loss(net: str, form: Form) -> None:
    """Gradients stand in the order in which they use one another: each line is evaluated from what is printed above it."""
    values: dict[str, Any] = dict(floats.forward(load(net), start(net)))
    page, steps = exercise(derivation(net), (), form), derivation(net).steps
    named = {step.name: quantity for quantity, step in steps.items()}
    found: dict[str, Any] = {}
    for display in displays(page):
        if display.label not in named:
            continue
        for place in range(len(display.members)):
            if not is_symbolic(display, place):
                values[display.label] = found[named[display.label]] = printed(body_text(display.members[place].body), net, values)
    for name in load(net).graph.names("parameter"):
        whole = np.broadcast_to(found[name], np.shape(start(net)[name]))
        np.testing.assert_allclose(whole, differences(net, name), rtol=2e-5, atol=1e-9)


@pytest.mark.parametrize("net", [net for net in bundled() if load(net).graph.scalar])
def test_the_chain_of_symbols_is_the_product_of_its_factors(net: str) -> None:
    """Each dy/dx of a chain is printed once as a formula; multiplied as the chain says they are the gradient."""
    page = exercise(derivation(net), (), "chain")
    values: dict[str, Any] = dict(floats.forward(load(net), start(net)))
    slopes: dict[str, Any] = {}
    for display in displays(page):
        head = display.head
        for member in display.members:
            symbols = [part for part in subterms(member.body) if isinstance(part, Partial)]  # type: ignore[type-var]
            if symbols and display.label.startswith("chain "):
                chain = [f"d{part.of}/d{part.wrt}" for part in symbols]
                later = body_text(head)
                slopes.setdefault(f"chain {later}", chain)
            elif not symbols and isinstance(head, Partial):
                value = printed(body_text(member.body), net, values)
                slopes[f"d{head.of}/d{head.wrt}"] = value
                if display.label in derivation(net).gradient_quantities:
                    values[display.label] = value
    chains = {key.removeprefix("chain "): value for key, value in slopes.items() if key.startswith("chain ")}
    assert chains
    for symbol, factors in chains.items():
        assert np.prod([slopes[factor] for factor in factors]) == pytest.approx(slopes[symbol], rel=1e-12), symbol


@pytest.mark.parametrize("net", ARRAYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_single_entry_is_the_slope_of_the_loss_along_it(net: str, form: Form) -> None:
    name = load(net).graph.names("parameter")[-1]
    shape = load(net).graph.shape(name)
    asked = f"{name}[{','.join(str(length) for length in shape)}]"
    gradient = derivation(net).gradient(asked)
    page = exercise(derivation(net), [asked], form)
    lower = derivation(net).by_entry.network
    places = [(key, whole, place) for key, whole in start(net).items() for place in np.ndindex(whole.shape)]
    flat = {f"{key}[{','.join(str(index + 1) for index in place)}]": whole[place] for key, whole, place in places}
    values: dict[str, Any] = dict(floats.forward(lower, flat))
    values |= floats.backward(derive(lower), values)
    (last,) = (display for display in displays(page) if display.label == gradient.name)
    term = last.members[-1].body
    assert set(names_in(term)) <= set(values)  # type: ignore[arg-type]
    expected = differences(net, name)[gradient.indices]
    assert floats.evaluate(term, values) == pytest.approx(expected, rel=2e-5)  # type: ignore[arg-type]


@pytest.mark.parametrize("net", [net for net in bundled() if load(net).graph.scalar])
def test_a_simultaneous_update_printed_is_the_step_of_gradient_descent(net: str) -> None:
    network, values = load(net), dict(floats.forward(load(net), start(net)))
    rate = values[network.training.rate]
    page = exercise(derivation(net), (), "delta")
    updates = [each for each in displays(page) if each.label.startswith("update ")]
    lines = {body_text(each.head): each for each in updates if "simultaneous" in _rules_of(page, each)}
    assert len(lines) == len(network.graph.names("parameter"))
    for name in network.graph.names("parameter"):
        written = body_text(lines[new_name(name)].members[-1].body)
        values_here = values | {derivation(net).steps[name].name: differences(net, name)}
        assert printed(written, net, values_here) == pytest.approx(start(net)[name] - rate * differences(net, name), rel=1e-8)


def _rules_of(page: Document, wanted: Display) -> str:
    """The paragraph that announces the rule of an update."""
    said = ""
    for block in page.blocks:
        if isinstance(block, Paragraph) and isinstance(block.parts[0], str) and block.parts[0].startswith("Update rule"):
            said = block.parts[0]
        if block is wanted:
            return said
    raise AssertionError(wanted.label)


def test_each_gradient_is_derived_once() -> None:
    page = exercise(derivation("step_by_step"), ["w1", "w2", "w1"])
    heads = [body_text(display.head) for display in displays(page) if not display.label.startswith(("chain ", "update "))]
    assert len(heads) == len(set(heads))


def test_a_documents_defect_is_said_beside_the_rule() -> None:
    text = plain(exercise(derivation("four_three_two"), ["b1", "b2"]))
    assert "The document steps b2 with the gradient of b1: a defect of its own." in text
    assert "This rule never steps b1." in text


def test_an_intermediate_has_no_update() -> None:
    assert "The update" not in plain(exercise(derivation("two_node"), ["s1"]))


def test_the_matrix_form_belongs_to_arrays() -> None:
    with pytest.raises(UsageError, match="no matrix form; take --form chain, delta or expanded"):
        exercise(derivation("two_node"), ["w0"], "matrix")
