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
from symprop.notation import Notation
from symprop.render.document import Display, Document, Paragraph, Table, document
from symprop.render.exercise import FORMS, Form, exercise
from symprop.render.worksheet import worksheet
from symprop.render.writers.plain import body_text, plain
from symprop.spec import bundled, load, network
from symprop.terms import Add, Mul, Partial, names_in, number, subterms
from symprop.worked import floats
from symprop.worked.digits import Digits
from symprop.worked.initial import initial_values

STEP = 1e-6
CASES = [(net, form) for net in bundled() for form in FORMS if form != "matrix" or not load(net).graph.scalar]
ARRAYS = [net for net in bundled() if not load(net).graph.scalar]


@cache
def derivation(net: str) -> Derivation:
    return derive(load(net))


@cache
def in_entries(net: str) -> Derivation:
    """The derivation itself where it is of scalars."""
    return derivation(net) if load(net).graph.scalar else derive(derivation(net).by_entry.network)


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


@pytest.mark.parametrize("net", bundled())
def test_the_chain_of_symbols_is_the_product_of_its_factors(net: str) -> None:
    """Each dy/dx of a chain is printed once as a formula; put into the chain they are the gradient. Arrays: every entry."""
    derived = in_entries(net)
    network = derived.network
    values: dict[str, Any] = dict(floats.forward(network, entries_of(net)))
    chains: dict[str, Any] = {}
    for display in displays(exercise(derived, (), "chain")):
        symbol = body_text(display.head)
        for member in display.members:
            text = body_text(member.body)
            if display.label.startswith("chain "):
                chains[symbol] = member.body
            elif isinstance(member.body, Partial):
                symbol = text
            else:
                values[symbol] = values[body_text(display.head)] = floats.evaluate(member.body, values)  # type: ignore[arg-type]
    named = {body_text(Partial(network.graph.loss, name)): step.name for name, step in derived.steps.items()}
    values |= {symbol: values[name] for symbol, name in named.items() if name in values}
    assert chains
    for symbol, chain in chains.items():
        assert value_of_symbols(chain, values) == pytest.approx(values[symbol], rel=1e-12), symbol


def entries_of(net: str) -> Mapping[str, Any]:
    """The initial parameters, those that are arrays entry by entry."""
    places = [(name, np.asarray(whole), place) for name, whole in start(net).items() for place in np.ndindex(np.shape(whole))]
    return {
        f"{name}[{','.join(str(index + 1) for index in place)}]" if place else name: whole[place] for name, whole, place in places
    }


def value_of_symbols(chain: Any, values: Mapping[str, Any]) -> float:
    """A sum of products of partial derivatives, each by what is printed for it."""
    terms = chain.terms if isinstance(chain, Add) else (chain,)
    factors = [term.factors if isinstance(term, Mul) else (term,) for term in terms]
    return float(sum(np.prod([values[body_text(factor)] for factor in each]) for each in factors))


def first_entry(net: str, name: str) -> str:
    """A parameter as it is asked for: of an array its first entry."""
    shape = load(net).graph.shape(name)
    return f"{name}[{','.join('1' for _ in shape)}]" if shape else name


ASKED = [(net, first_entry(net, name)) for net in bundled() for name in load(net).graph.names("parameter")]
ASKED_IN_FORMS = [(net, asked, form) for net, asked in ASKED for form in FORMS if form != "matrix" or "[" in asked]


@pytest.mark.parametrize(("net", "asked", "form"), ASKED_IN_FORMS)
def test_a_gradient_is_called_by_the_name_that_heads_its_line(net: str, asked: str, form: Form) -> None:
    """What a formula uses is a quantity of the network or heads a line above; in matrix form an entry's array does."""
    known = {*load(net).graph.quantities, *in_entries(net).network.graph.quantities}
    told = known | {new_name(name) for name in known}
    for display in displays(exercise(derivation(net), [asked], form)):
        used = {name for member in display.members for name in names_in(member.body)}  # type: ignore[arg-type]
        assert {name for name in used - told if form != "matrix" or name.partition("[")[0] not in told} == set(), display.label
        told.add(body_text(display.head))


@pytest.mark.parametrize(("net", "asked"), ASKED)
def test_each_factor_of_a_chain_has_its_line(net: str, asked: str) -> None:
    page = displays(exercise(derivation(net), [asked], "chain"))
    lines = {body_text(each.head) for each in page} | {body_text(member.body) for each in page for member in each.members}
    chains = [each.members[0].body for each in page if each.label.startswith("chain ")]
    factors = {part for chain in chains for part in subterms(chain) if isinstance(part, Partial)}  # type: ignore[type-var]
    names = {(load(net).graph.loss, name): step.name for name, step in in_entries(net).steps.items()}
    assert chains
    assert [each for each in factors if body_text(each) not in lines and names.get((each.of, each.wrt)) not in lines] == []


@pytest.mark.parametrize("form", ["matrix", "delta"])
def test_gradients_stand_under_one_heading_of_their_own(form: Form) -> None:
    text = plain(exercise(derivation("hidden_layer"), ["Wo", "Wh"], form))
    assert text.index("E = 1/2*sum") < text.index("The gradients\n---") < text.index("dl2 = ")
    assert text.count("The gradients\n") == 1


def test_after_a_chain_the_gradients_have_their_heading_again() -> None:
    text = plain(exercise(derivation("hidden_layer"), ["Wh", "Wh[1,2]", "Wo"]))
    assert text.index("dWh = ") < text.index("The gradient dE/dWh[1,2]\n") < text.rindex("The gradients\n") < text.index("dWo = ")


@pytest.mark.parametrize("net", ARRAYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_single_entry_is_the_slope_of_the_loss_along_it(net: str, form: Form) -> None:
    name = load(net).graph.names("parameter")[-1]
    shape = load(net).graph.shape(name)
    asked = f"{name}[{','.join(str(length) for length in shape)}]"
    gradient = derivation(net).gradient(asked)
    page = exercise(derivation(net), [asked], form)
    lower = derivation(net).by_entry.network
    values: dict[str, Any] = dict(floats.forward(lower, entries_of(net)))
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
    page = exercise(derivation(net), (), "chain")
    updates = [each for each in displays(page) if each.label.startswith("update ")]
    lines = {body_text(each.head): each for each in updates if "simultaneous" in _rules_of(page, each)}
    assert len(lines) == len(network.graph.names("parameter"))
    for name in network.graph.names("parameter"):
        written = body_text(lines[new_name(name)].members[-1].body)
        values_here = values | {derivation(net).steps[name].name: differences(net, name)}
        assert printed(written, net, values_here) == pytest.approx(start(net)[name] - rate * differences(net, name), rel=1e-8)


def updated(net: str, form: Form) -> tuple[dict[str, str], dict[str, float]]:
    """The last form of each update of a page, by its label, and the values of them all, from what is printed above."""
    values: dict[str, Any] = dict(floats.forward(load(net), start(net)))
    texts: dict[str, str] = {}
    made: dict[str, float] = {}
    steps = {step.name for step in derivation(net).steps.values()}
    for each in displays(exercise(derivation(net), (), form)):
        text = body_text(each.members[-1].body)
        if each.label in steps:
            values[each.label] = printed(text, net, values)
        elif each.label.startswith("update "):
            texts[each.label], made[each.label] = text, printed(text, net, values)
            values[body_text(each.head)] = made[each.label]
    return texts, made


@pytest.mark.parametrize("net", ["two_node", "step_by_step", "four_three_two"])
def test_in_the_delta_form_an_update_uses_the_deltas_that_still_hold(net: str) -> None:
    """A delta that holds a weight which is already new is written out: its symbol stands for the old one."""
    texts, values = updated(net, "delta")
    assert values == pytest.approx(updated(net, "chain")[1], rel=1e-12)
    if net == "two_node":
        assert texts["update w0 (simultaneous)"] == "w0 - alpha*delta_1*s0"
        assert texts["update w1 (document)"] == "w1 - alpha*dE_dout*w2_new*s2*(1 - s2)*s1"


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


def test_a_factor_and_the_gradient_of_its_name_have_anchors_of_their_own() -> None:
    page = exercise(derivation("two_node"), ["w0", "out"])
    assert page.anchors["dE/dout"] == "eq:dE-by-dout" and page.anchors["dE_dout"] == "eq:dE-dout"
    assert page.anchors["update w0 (document)"] == "eq:update-w0-document"


def test_anchors_differ_where_labels_do() -> None:
    """Signs that are no letters part words and are gone: names may differ in them alone."""
    labels = ["w_", "w", "w__1", "w_1", "w 1 2", "w_1_", "w_1[2]", "_"]
    page = document("", [Display(label, number(1), ()) for label in labels], Notation({}))
    assert list(page.anchors) == labels
    assert list(page.anchors.values()) == [
        "eq:w", "eq:w-2", "eq:w-1", "eq:w-1-2", "eq:w-1-2-2", "eq:w-1-3", "eq:w-1-2-3", "eq:",
    ]  # fmt: skip


def test_rules_that_step_a_weight_alike_are_not_said_to_be_alike() -> None:
    """W2 is stepped first: in order and all at once its step is the same, and only one of the rules is in order."""
    page = plain(exercise(partly_stepped(), ["W2"]))
    assert "Update rule \u201cdocument\u201d: in the listed order, each step with the weights that are already new." in page
    assert "Here update rule \u201csimultaneous\u201d does the same." in page


def test_a_rule_is_told_once_with_its_authors_note() -> None:
    page = plain(exercise(derivation("two_node"), ["w1"]))
    assert "Update rule \u201cdocument\u201d: in the listed order. Each weight is stepped with the weights that are" in page
    page = plain(exercise(derivation("step_by_step"), ["w1"]))
    assert "Update rules \u201cdocument\u201d and \u201csimultaneous\u201d: all steps at once" in page
    assert "in the listed order. The hidden weights' gradients use w5 to w8 as already updated." in page


def test_a_weight_of_arrays_that_the_document_never_steps() -> None:
    page = plain(worksheet(partly_stepped(), Digits(decimals=4)))
    assert "Every weight but b1 is stepped against its gradient, in this order; b1 not at all." in page
    assert "What gradient descent does instead" in page and "b1_right = b1 - eta*db1" in page


def partly_stepped() -> Derivation:
    """Two layers of matrices, stepped one after the other, the first biases never."""
    ends: dict[str, Any] = {"inputs": {"X": [[0.5, 0.2], [0.1, -0.3]]}, "targets": {"Y": [[1], [0]]}}
    weights = {"W1": [[0.1, 0.2], [0.3, -0.4]], "b1": [0.1, 0], "W2": [[0.5], [-0.6]]}
    layers = [{"size": 2, "activation": "tanh", "bias": "unit"}, {"size": 1, "activation": "sigmoid", "bias": "none"}]
    rule = {"name": "document", "sequential": True, "order": ["W2", "W1"]}
    how: dict[str, Any] = {"network": {"style": "matrix"}, "training": {"learning_rate": 0.1, "iterations": 3}, "updates": [rule]}
    return derive(network(id="partly", **ends, parameters=weights, layers=layers, **how))


def test_an_intermediate_has_no_update() -> None:
    assert "The update" not in plain(exercise(derivation("two_node"), ["s1"]))


def test_the_matrix_form_belongs_to_arrays() -> None:
    with pytest.raises(UsageError, match="no matrix form; take --form chain, delta or expanded"):
        exercise(derivation("two_node"), ["w0"], "matrix")


def test_plain_text_has_the_captions_of_tables() -> None:
    table = Table("The weights", ("w1", "w2"), (("0.5", "0.25"),))
    assert "The weights\n\nw1   w2\n0.5  0.25\n" in plain(document("A sheet", [table], Notation({})))
