"""Which quantity, or entry of one, is asked for, and in which forms it may be answered.

Input: the vocabulary and the words of the call. Output: `Asked`, or a UsageError with a suggestion. SymPy is not needed here.
"""

from __future__ import annotations

from dataclasses import dataclass

from symprop.check.verdict import Form
from symprop.check.vocabulary import Vocabulary
from symprop.errors import UsageError, suggestion
from symprop.graph import Shape, gradient_name, new_name
from symprop.language import CountsFromZero, Names, read
from symprop.terms import Entry, Partial, Ref, ShapeError, Term
from symprop.terms.typography import entry_of_text

FORMS: tuple[Form, ...] = ("gradient", "step", "new-value", "value")


@dataclass(frozen=True, slots=True)
class Asked:
    """`name` as asked for, the `quantity` that it belongs to (w5 for dE_dw5), one entry's 0-based `indices`, the forms allowed.

    `given_away` are the names that would only repeat the question. `from_zero` says that the entry was counted from 0.
    """

    text: str
    name: str
    quantity: str
    indices: tuple[int, ...] | None
    shape: Shape
    forms: tuple[Form, ...]
    given_away: tuple[str, ...]
    from_zero: bool = False

    @property
    def subject(self) -> str:
        """What a form is a form of: the gradient named dE_dw5 is that of w5."""
        if self.name == self.quantity:
            return self.text
        shown = ",".join(str(index + (not self.from_zero)) for index in self.indices or ())
        return f"{self.quantity}[{shown}]" if shown else self.quantity


def ask(vocabulary: Vocabulary, text: str, as_: str | None = None, *, from_zero: bool = False) -> Asked:
    """Resolve a quantity: `w0`, `Wo[1,1]`, `delta_o1`, `dE/dw5`, `l2_delta`.

    Entries are counted from 1, unless an index is 0 or `from_zero` says so.

    Raises UsageError for an unknown quantity, one that is given and not computed, or a form that it cannot take.
    """
    try:
        name, indices = _named(vocabulary, text, vocabulary.names_from_zero if from_zero else vocabulary.names)
    except CountsFromZero:
        return ask(vocabulary, text, as_, from_zero=True)
    quantity = vocabulary.gradients.get(name) or vocabulary.renewed.get(name) or name
    forms = _forms(vocabulary, name, quantity)
    if not forms:
        raise UsageError(f"{text} is given, not computed: it has no gradient and no formula to check")
    if as_ is not None and as_ not in forms:
        raise UsageError(f"{text} cannot be answered as '{as_}'; expected {' or '.join(forms)}")
    taken = forms if as_ is None else tuple(form for form in forms if form == as_)
    shape = vocabulary.shapes[name] if indices is None else ()
    return Asked(text, name, quantity, indices, shape, taken, _given_away(vocabulary, name, quantity), from_zero)


def resolved(vocabulary: Vocabulary, term: Term) -> tuple[str, tuple[int, ...] | None]:
    """The name, and the entry where there is one, that a bare reference means.

    Raises UsageError where the term is a formula, or names a derivative that the network does not have.
    """
    if isinstance(term, Ref):
        return term.name, None
    if isinstance(term, Entry):
        return _entry(vocabulary, term)
    if isinstance(term, Partial):
        return _partial(vocabulary, term)
    raise UsageError("expected the name of a quantity, got a formula")


def _entry(vocabulary: Vocabulary, term: Entry) -> tuple[str, tuple[int, ...]]:
    try:
        vocabulary.shape(term)
    except ShapeError as error:
        raise UsageError(str(error)) from error
    return term.name, term.indices


def _named(vocabulary: Vocabulary, text: str, names: Names) -> tuple[str, tuple[int, ...] | None]:
    name = text.strip()
    if name in vocabulary.shapes:
        return name, None
    if name.isidentifier():
        raise UsageError(f"{vocabulary.network.id} has no quantity '{name}'{suggestion(name, vocabulary.shapes)}")
    return resolved(vocabulary, read(name, names, "auto"))


def _partial(vocabulary: Vocabulary, term: Partial) -> tuple[str, tuple[int, ...] | None]:
    """The gradient, or the entry of an array's gradient, that dE/dw or dE/dW[1,2] is."""
    graph, entry = vocabulary.network.graph, entry_of_text(term.wrt)
    name = gradient_name(graph, term.wrt if entry is None else entry[0])
    if term.of != graph.loss or name not in vocabulary.gradients:
        raise UsageError(f"{vocabulary.network.id} has no gradient d{term.of}/d{term.wrt}")
    return (name, None) if entry is None else _entry(vocabulary, Entry(name, entry[1]))


def _forms(vocabulary: Vocabulary, name: str, quantity: str) -> tuple[Form, ...]:
    graph = vocabulary.network.graph
    if name in vocabulary.gradients:
        return ("gradient",)
    if name in vocabulary.renewed:
        return ("new-value",)
    if name in graph.names("parameter"):
        return ("gradient", "step", "new-value")
    computed: tuple[Form, ...] = ("value",) if name in vocabulary.computed else ()
    has_gradient = name in graph.quantities and gradient_name(graph, name) in vocabulary.gradients
    return ("gradient", *computed) if has_gradient else computed


def _given_away(vocabulary: Vocabulary, name: str, quantity: str) -> tuple[str, ...]:
    graph = vocabulary.network.graph
    own = gradient_name(graph, quantity) if quantity in graph.quantities else name
    return (own, new_name(quantity), *(() if name in graph.quantities else (name,)))
