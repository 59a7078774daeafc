"""Reading equations, ordering them, deciding their shapes.

Input: texts by name. Output: `Equation`s in an order in which each uses only what stands before it, and every shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symprop.graph import Equation
from symprop.language import Names, read
from symprop.spec.problems import Problems
from symprop.terms import (
    Add,
    Apply,
    Div,
    Mul,
    Power,
    Shape,
    ShapeError,
    Term,
    Typography,
    children,
    names_in,
    shape_of,
    subterms,
    typography_of,
)
from symprop.terms.shapes import shown


def read_terms(texts: Mapping[str, str], names: Names, where: str, problems: Problems) -> dict[str, Term]:
    """The right sides that can be read; each refusal is noted at its equation's key."""
    found: dict[str, Term] = {}
    for name, text in texts.items():
        with problems.at(f"{where}.{name}"):
            found[name] = read(text, names)
    return found


def names_of(declared: Iterable[str], shapes: Mapping[str, Shape], symbols: Mapping[str, Typography]) -> Names:
    """What the reader of equations needs to know about the names in scope."""
    return Names(
        declared={name: symbols.get(name) or typography_of(name) for name in declared},
        arrays={name: len(shape) for name, shape in shapes.items() if shape},
    )


def in_order(terms: Mapping[str, Term], where: str, problems: Problems) -> tuple[Equation, ...]:
    """The equations, each after those it uses, else in the author's order; a cycle is noted with its path."""
    ordered: dict[str, Term] = {}
    circling: set[str] = set()
    for name in terms:
        circle = _place(name, terms, ordered)
        if circle and not circling.intersection(circle):
            problems.note(f"{where}.{circle[0]}", f"expected equations without a circle, got {' -> '.join(circle)}")
        circling.update(circle)
    return tuple(Equation(name, term) for name, term in ordered.items())


def _place(start: str, terms: Mapping[str, Term], ordered: dict[str, Term]) -> list[str]:
    """Depth first without recursion, so that a chain of any length is ordered; the answer is the circle met, if any."""
    path = [start]
    while path:
        name = path[-1]
        waiting = [used for used in names_in(terms[name]) if used in terms and used not in ordered]
        if name in ordered or not waiting:
            ordered.setdefault(name, terms[name])
            path.pop()
        elif waiting[0] in path:
            return path[path.index(waiting[0]) :] + [waiting[0]]
        else:
            path.append(waiting[0])
    return []


def shapes_of(equations: Iterable[Equation], known: Mapping[str, Shape], where: str, problems: Problems) -> dict[str, Shape]:
    """The shape of each equation; one that does not fit is noted, and what depends on it passed over."""
    shapes = dict(known)
    for equation in equations:
        if all(name in shapes for name in names_in(equation.term)):
            try:
                shapes[equation.name] = shape_of(equation.term, shapes)
                _check_samples(equation.term, shapes)
            except ShapeError as refusal:
                problems.note(f"{where}.{equation.name}", f"expected shapes that fit, got {refusal}")
    return shapes


def _check_samples(term: Term, shapes: Mapping[str, Shape]) -> None:
    """Refuse what NumPy would repeat without a word: (m,) beside (m, 1) is (m, m), every sample with every other."""
    if not any(isinstance(length, str) for name in names_in(term) for length in shapes[name]):
        return
    for part in subterms(term):
        if isinstance(part, (Add, Mul, Div, Power, Apply)):
            operands = [shape_of(operand, shapes) for operand in children(part)]
            most = max((_symbolic(shape) for shape in operands), default=0)
            if _symbolic(shape_of(part, shapes)) > most:
                listed = " and ".join(shown(shape) for shape in dict.fromkeys(operands))
                raise ShapeError(f"{listed}, which pair every sample with every other")


def _symbolic(shape: Shape) -> int:
    return sum(isinstance(length, str) for length in shape)
