"""The LaTeX of every displayed equation, as the page has it, is read back by the language and is the term it came from."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from symprop.derive import Derivation, derive
from symprop.errors import TextError
from symprop.graph import Value
from symprop.language import Names, readings
from symprop.notation import Notation
from symprop.notation.latex import latex
from symprop.render.article import article
from symprop.render.document import Body, Display, Document, Filled, Matrices, all_blocks
from symprop.render.exercise import exercise
from symprop.render.worksheet import worksheet
from symprop.spec import bundled, load
from symprop.terms import Broadcast, Mean, Mul, Neg, Number, Partial, Power, Ref, Sum, Term, Transpose, number, rebuild, subterms

from .printed_text import Equation, equations


def documents(derivation: Derivation) -> Iterator[Document]:
    """The worksheet, and the exercise in every form that the network has."""
    yield worksheet(derivation)
    forms = ("chain", "delta", "expanded") if derivation.network.graph.scalar else ("chain", "delta", "matrix")
    for form in forms:
        yield exercise(derivation, (), form)


def names_of(notation: Notation) -> Names:
    """What a reader of the page knows: every symbol in it, and how many dimensions it has."""
    ranks = {name: len(shape) for name, shape in notation.shapes.items() if shape}
    return Names(notation.typographies, ranks)


def as_the_page_says(term: Term, notation: Notation) -> Term:
    """On the page a gradient is a quotient of differentials, an exponent a product; repetition and kept axes go unsaid."""

    def spelled(part: Term) -> Term | None:
        if isinstance(part, Broadcast):
            return rebuild(part.operand, spelled)
        if isinstance(part, Ref) and part.name in notation.partials:
            return notation.partials[part.name]
        if isinstance(part, (Sum, Mean)) and part.keep:
            return type(part)(rebuild(part.operand, spelled), part.axis)
        if not isinstance(part, Number) or "e" not in part.text:
            return None
        mantissa, _, exponent = part.text.removeprefix("-").partition("e")
        product = Mul((number(mantissa), Power(number(10), number(exponent))))
        return Neg(product) if part.value < 0 else product

    return rebuild(term, spelled)


def flat(term: Term) -> Term:
    """Products of products in one, as the page writes a number with a power of ten among its factors."""

    def opened(part: Term) -> Term | None:
        if not isinstance(part, Mul):
            return None
        factors = [flat(factor) for factor in part.factors]
        return Mul(tuple(inner for each in factors for inner in (each.factors if isinstance(each, Mul) else (each,))))

    return rebuild(term, opened)


def checked(display: Display, shown: Equation, notation: Notation, names: Names, counted: Counter[str]) -> list[str]:
    """The parts of a display that are not read back as their terms."""
    bodies: list[Body] = [display.head, *(member.body for member in display.members)]
    texts = [shown.head, *(text for _, text in shown.members)]
    assert len(bodies) == len(texts), shown
    wrong = []
    for body, text in zip(bodies, texts, strict=True):
        if isinstance(body, Matrices):
            counted["matrices"] += 1
            wrong += [] if are_entries(body, text, notation, names) else [f"{display.label}: {text}"]
        elif isinstance(body, Filled):
            counted["filled"] += 1
            wrong += [] if is_filled(body, text, notation, names) else [f"{display.label}: {text}"]
        elif not is_read_back(body, text, notation, names):
            wrong.append(f"{display.label}: {text}")
        else:
            counted["terms"] += 1
    return wrong


def is_filled(body: Filled, text: str, notation: Notation, names: Names) -> bool:
    """Whether a formula filled with matrices is read back, each matrix as the name, or its transpose, that has these values."""
    arrays = [part.name for part in subterms(body.term) if isinstance(part, Ref)]
    for name in arrays:
        shown = re.search(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", text, re.DOTALL)
        assert shown is not None, text
        if not shows(shown[1], body.values[name]):
            return False
        text = text.replace(shown[0], f"({latex(named(name), notation)})", 1)
    return is_read_back(rebuild(body.term, lambda part: named(part.name) if isinstance(part, Ref) else None), text, notation, names)


def are_entries(body: Matrices, text: str, notation: Notation, names: Names) -> bool:
    """Whether every entry of a product of matrices is read back in its place."""
    shown = [_rows(each) for each in re.findall(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", text, re.DOTALL)]
    if [[len(row) for row in factor] for factor in shown] != [[len(row) for row in factor] for factor in body.factors]:
        return False
    pairs = zip(
        (entry for factor in body.factors for row in factor for entry in row),
        (entry for factor in shown for row in factor for entry in row),
        strict=True,
    )
    return all(is_read_back(entry, printed, notation, names) for entry, printed in pairs)


def _rows(matrix: str) -> list[list[str]]:
    return [[entry.strip() for entry in row.split("&")] for row in re.split(r"\\\\(?:\[6pt\])?", matrix)]


def named(name: str) -> Term:
    return Transpose(Ref(name.removesuffix(".T"))) if name.endswith(".T") else Ref(name)


def shows(shown: str, value: Value) -> bool:
    """Whether a printed matrix has a value's numbers, in their places as far as it is not abbreviated."""
    rows = _rows(shown)
    whole = [row if isinstance(row, tuple) else (row,) for row in value] if isinstance(value[0], tuple) else [value]  # type: ignore[index]
    for given, printed in zip((whole[0], whole[-1]), (rows[0], rows[-1]), strict=True):
        for number_, text in ((given[0], printed[0]), (given[-1], printed[-1])):
            mantissa, _, exponent = text.partition(r" \cdot 10^")
            if number_.text != mantissa + (f"e{exponent.strip('{}')}" if exponent else ""):
                return False
    dots = r"\vdots" in shown or r"\cdots" in shown
    return dots or [len(row) for row in rows] == [len(row) for row in whole]


def is_read_back(term: Term, text: str, notation: Notation, names: Names) -> bool:
    """Whether one of the ways to read the text is the term."""
    meant = flat(as_the_page_says(term, notation))
    try:
        found = readings(text, names, "latex")
    except TextError:
        return False
    return meant in [flat(as_the_page_says(reading.term, notation)) for reading in found]


@pytest.mark.parametrize("net", bundled())
def test_every_equation_is_read_back(net: str) -> None:
    counted: Counter[str] = Counter()
    for document in documents(derive(load(net))):
        displays = [block for block in all_blocks(document.blocks) if isinstance(block, Display)]
        shown = equations(article(document))
        assert len(displays) == len(shown)
        names = names_of(document.notation)
        wrong = [
            text
            for display, each in zip(displays, shown, strict=True)
            for text in checked(display, each, document.notation, names, counted)
        ]
        assert wrong == []
    print(f"{net}: {counted['terms']} terms and {counted['filled']} formulas with matrices read back")
    assert counted["terms"] > counted["matrices"]
    assert (counted["filled"] >= 10) == (not derive(load(net)).network.graph.scalar)


def test_a_wrong_bracket_is_found() -> None:
    document = worksheet(derive(load("step_by_step")))
    names = names_of(document.notation)
    slope = next(block for block in all_blocks(document.blocks) if isinstance(block, Display) and block.label == "dout_o1_dnet_o1")
    term = slope.members[0].body
    assert isinstance(term, Mul)
    right = r"\mathrm{out}_{o1}\,(1 - \mathrm{out}_{o1})"
    assert is_read_back(term, right, document.notation, names)
    assert not is_read_back(term, re.sub(r"[()]", "", right), document.notation, names)
    assert not is_read_back(term, right.replace("o1}\\,", "o2}\\,"), document.notation, names)
    assert any(isinstance(part, Partial) for part in subterms(as_the_page_says(slope.head, document.notation)))  # type: ignore[arg-type]
