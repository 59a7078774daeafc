"""Every printed line is recomputed from its own text by a reader of its own, and none is false.

`=` stands where the printed left side, recomputed, rounds half up to the printed right; `≈` where it does not, and is near.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from mpmath import fabs, mpf

from symprop.derive import Derivation, derive
from symprop.render.article import article
from symprop.render.document import Document
from symprop.render.worksheet import worksheet
from symprop.render.writers.record import record
from symprop.spec import bundled, load
from symprop.worked import floats
from symprop.worked.digits import Digits
from symprop.worked.fresh import fresh
from symprop.worked.initial import initial_values
from symprop.worked.lines import Mode

from .printed_text import Equation, Reader, Unreadable, Value, equations, printed_entries, rounds_to, value_of_entries
from .random_networks import array_derivation, random_derivation

RANDOM, EACH = 200, 20  # networks, and how many of them one test takes
SETTINGS = (
    (Digits(significant=9), "full"),
    (Digits(significant=9), "carry"),
    (Digits(significant=4), "full"),
    (Digits(significant=4), "carry"),
    (Digits(decimals=4), "full"),
    (Digits(decimals=6), "carry"),
)
NUMERIC = re.compile(r"[A-Za-z]")
AXES = re.compile(r"\\mathrm\{(?:rows|columns)\}")
WORDS = re.compile(r"\\(?:operatorname\{\w+\}|[a-zA-Z]+(?:\{bmatrix\})?)")


def printed_lines(document: Document) -> list[Equation]:
    """The equations of a document from the LaTeX of its record."""
    shown = record(document)["equations"]
    assert isinstance(shown, list)
    return [
        Equation(each["label"], _dotted(each["head"]), tuple((m["relation"], _dotted(m)) for m in each["members"]))
        for each in shown
    ]


def _dotted(both: Mapping[str, str]) -> str:
    return both["latex"].replace("{,}", ".").strip()


def given_values(tex: str) -> dict[str, Value]:
    """The quantities in tables and in running text: `$w_1$ & $w_2$` over `$0.15$ & $0.20$`, and `$\\eta$ = $0.5$`."""
    found: dict[str, Value] = {}
    for head, values in re.findall(r"\\toprule\n(.*?) \\\\\n\\midrule\n(.*?) \\\\\n\\bottomrule", tex):
        found |= dict(zip(_cells(head), map(_number, _cells(values)), strict=True))
    found |= {name: _number(value) for name, value in re.findall(r"\$([^$]+)\$ = \$([-\d.]+)\$", tex.replace("{,}", "."))}
    return found


def _cells(row: str) -> list[str]:
    return [cell.strip().strip("$") for cell in row.replace("{,}", ".").split(" & ")]


def _number(text: str) -> Value:
    entries = printed_entries(text)
    assert entries is not None, text
    return value_of_entries(entries)


def is_numeric(member: str) -> bool:
    """Whether a member holds numbers and functions alone."""
    return not NUMERIC.search(WORDS.sub("", AXES.sub("", member)))


def is_abbreviated(member: str) -> bool:
    return r"\vdots" in member or r"\cdots" in member


def known_values(lines: list[Equation], given: Mapping[str, Value]) -> dict[str, Value]:
    """What is printed for each head; where one symbol is printed twice both are the same."""
    values = dict(given)
    for line in lines:
        if is_abbreviated(line.members[-1][1]):
            continue
        entries = printed_entries(line.members[-1][1])
        assert entries is not None, line
        if "bmatrix" not in line.head:
            value = value_of_entries(entries)
            assert line.head not in values or np.all(values[line.head] == value), f"{line.head} is printed twice"
            values[line.head] = value
    return values


def falsehoods(lines: list[Equation], given: Mapping[str, Value], formulas: bool = True) -> tuple[list[str], Counter[str]]:
    """The false lines, and how many of each kind were recomputed; with `formulas` those of every chain too."""
    reader = Reader(known_values(lines, given))
    wrong: list[str] = []
    counted: Counter[str] = Counter()
    for line in lines:
        if len(line.members) == 1:
            counted["given"] += 1
            continue
        relation, value = line.members[-1]
        if is_abbreviated(value):
            counted["abbreviated"] += 1
            continue
        entries = printed_entries(value)
        assert entries is not None
        before = next(text for _, text in reversed(line.members[:-1]) if not is_abbreviated(text))
        recomputed = reader.value(before)
        texts = np.array(entries)
        same = all(map(rounds_to, np.ravel(np.broadcast_to(recomputed, texts.shape)), np.ravel(texts)))
        counted["numbers" if is_numeric(before) else "names"] += 1
        counted[relation] += 1
        if same != (relation == "="):
            wrong.append(f"{line.label}: {before} {relation} {value}")
        wrong += _wrong_operands(line, reader, counted)
        far = _far_forms(line, value_of_entries(entries), reader, counted) if formulas else []
        wrong += [f"{line.label}: {text} is far from {value}" for text in far]
    return wrong, counted


def _wrong_operands(line: Equation, reader: Reader, counted: Counter[str]) -> list[str]:
    """The numbers of a chain that are not what is printed for the names of one of its formulas, to the last digit."""
    whole = [text for _, text in line.members[:-1] if not is_abbreviated(text)]
    if "bmatrix" in line.head:
        pairs = ((_cells_of(line.head), _cells_of(line.members[-1][1])), tuple(map(_cells_of, whole)))
        counted["operands"] += 1
        return [] if all(_same_entries(*each, reader) for each in pairs) else [f"{line.label}: other entries"]
    formulas = [value for text in whole if not is_numeric(text) for value in _read(text, reader)]
    filled = [(text, reader.value(text)) for text in whole if is_numeric(text)] if formulas else []
    counted["operands"] += len(filled)
    return [f"{line.label}: other operands in {text}" for text, value in filled if not any(_same(value, each) for each in formulas)]


def _cells_of(product: str) -> list[str]:
    """The entries of matrices side by side."""
    pieces = re.split(r"\\(?:begin|end)\{bmatrix\}|\\cdot(?=\s*\\begin)|\\,|\\\\(?:\[6pt\])?|&", product)
    return [piece.strip() for piece in pieces if piece.strip()]


def _same_entries(names: list[str], numbers: list[str], reader: Reader) -> bool:
    return len(names) == len(numbers) and all(map(_same, map(reader.value, numbers), map(reader.value, names)))


def _read(text: str, reader: Reader) -> list[Value]:
    try:
        return [reader.value(text)]
    except Unreadable:
        return []


def _same(one: Value, other: Value) -> bool:
    difference = np.max(np.abs(np.asarray(one) - np.asarray(other)))
    return bool(difference <= mpf(10) ** -20 * (1 + np.max(np.abs(np.asarray(other)))))


def _far_forms(line: Equation, value: Value, reader: Reader, counted: Counter[str]) -> list[str]:
    """The formulas of a chain that, over printed values, are not near its value."""
    far = []
    for _, formula in line.members[:-1]:
        try:
            other = reader.value(formula)
        except Unreadable:
            counted["unread formulas"] += 1
            continue
        counted["formulas"] += 1
        scale = np.max(np.abs(value)) if isinstance(value, np.ndarray) else fabs(value)
        if np.max(np.abs(other - value)) > mpf("0.03") * scale + mpf("0.003"):
            far.append(formula)
    return far


@pytest.mark.parametrize(("digits", "mode"), SETTINGS)
@pytest.mark.parametrize("net", bundled())
def test_no_line_of_a_bundled_network_is_false(net: str, digits: Digits, mode: Mode) -> None:
    tex = article(worksheet(derive(load(net)), digits, mode))
    lines = equations(tex)
    assert len(lines) == tex.count(r"\begin{equation}") > 10
    wrong, counted = falsehoods(lines, given_values(tex))
    assert wrong == []
    assert counted["numbers"] + counted["names"] + counted["given"] == len(lines)
    assert counted["unread formulas"] <= 0.3 * counted["formulas"], counted


@cache
def written(net: str) -> Derivation:
    """The network with numbers of two decimals, which a sheet of any digits starts from."""
    return derive(load(net)) if net == "step_by_step" else fresh(derive(load(net)), 1)


@cache
def exact_values(net: str) -> Mapping[str, Value]:
    return known_values(equations(article(worksheet(written(net), Digits(significant=30)))), {})


def misprinted(lines: list[Equation], exact: Mapping[str, Value]) -> list[str]:
    """The heads whose printed value is not the rounded one of a sheet with thirty digits, behind = and ≈ alike."""
    wrong = []
    for line in lines:
        entries = printed_entries(line.members[-1][1])
        if line.head in exact and entries is not None:
            texts = np.ravel(np.array(entries))
            values = np.ravel(np.broadcast_to(np.asarray(exact[line.head]), np.array(entries).shape))
            wrong += [line.label] if not all(map(rounds_to, values, texts)) else []
    return wrong


@pytest.mark.parametrize("digits", [Digits(significant=9), Digits(significant=4), Digits(decimals=5)])
@pytest.mark.parametrize("net", bundled())
def test_at_full_precision_every_printed_value_is_the_rounded_one(net: str, digits: Digits) -> None:
    lines = equations(article(worksheet(written(net), digits)))
    assert misprinted(lines, exact_values(net)) == []
    assert len(lines) > 10


def test_an_altered_digit_is_found_wherever_it_stands() -> None:
    """In every tenth number of a sheet's lines one digit, its last or its third, is changed: none goes unseen."""
    for comma in (False, True):
        tex = article(worksheet(derive(load("step_by_step")), Digits(significant=6), decimal_comma=comma))
        given, start = given_values(tex), tex.index("Forward pass")
        found = re.finditer(r"(?<![\d.,}_])\d+(?:\.|\{,\})(\d{3,})", tex)
        spots = [place for each in found if each.start() > start for place in (each.end() - 1, each.start(1) + 2)]
        for place in spots[::10]:
            bad = tex[:place] + str((int(tex[place]) + 5) % 10) + tex[place + 1 :]
            assert is_seen(bad, given), bad[place - 60 : place + 20]


def is_seen(tex: str, given: Mapping[str, Value]) -> bool:
    lines = equations(tex)
    try:
        return bool(falsehoods(lines, given)[0] or misprinted(lines, exact_values("step_by_step")))
    except AssertionError:  # one symbol, two values
        return True


@pytest.mark.parametrize("sizes", ["3-4-2", "2-6-6-1", "12-9-1"])
@pytest.mark.parametrize(("digits", "mode"), SETTINGS[:4])
def test_no_line_of_an_array_network_is_false(sizes: str, digits: Digits, mode: Mode) -> None:
    """A batch of rows; the matrices of the wide one are abbreviated in formulas, whose names then stand for them."""
    derivation = fresh(array_derivation(sizes), 3)
    tex = article(worksheet(derivation, digits, mode))
    lines = equations(tex)
    wrong, counted = falsehoods(lines, given_values(tex), formulas=False)
    assert wrong == []
    assert counted["abbreviated"] == 0
    assert counted["numbers"] > 5
    abbreviated = any(is_abbreviated(text) for line in lines for _, text in line.members)
    assert abbreviated == {"3-4-2": False, "12-9-1": True}.get(sizes, abbreviated)
    assert all(len(line.members) == 1 or any(map(is_numeric, (text for _, text in line.members[:-1]))) for line in lines)


def test_a_long_table_of_examples_is_abbreviated_and_its_lines_are_true() -> None:
    """Of 40 rows the first and the last are shown, on every page the same; what has few rows is worked from all of them."""
    derivation = array_derivation("3-2-1", "tanh", rows=40)
    tex = article(worksheet(derivation, Digits(significant=5)))
    lines = equations(tex)
    wide = {line.label for line in lines if is_abbreviated(line.members[-1][1])}
    assert {"eq:X", "eq:Y", "eq:Z1", "eq:A1"} <= wide
    assert not {"eq:E", "eq:W1", "eq:dW1", "eq:dW2", "eq:W1-new"} & wide
    assert "inputs, 40 rows" in tex
    exact = floats.gradients(derivation, {name: floats.to_floats(v) for name, v in initial_values(derivation.network).items()})
    shown = {line.label: line.members[-1][1] for line in lines}
    for name in ("W1", "b1", "W2", "b2"):
        entries = printed_entries(shown[f"eq:d{name}"])
        assert np.allclose(np.array(entries, dtype=float).ravel(), np.ravel(exact[name]), rtol=1e-3)


@pytest.mark.parametrize("first", range(0, RANDOM, EACH))
def test_no_line_of_a_random_network_is_false(first: int) -> None:
    counted: Counter[str] = Counter()
    for seed in range(first, first + EACH):
        digits, mode = SETTINGS[seed % len(SETTINGS)]
        document = worksheet(random_derivation(seed), digits, mode)
        wrong, found = falsehoods(printed_lines(document), given_values(article_of_givens(document)), formulas=seed % 5 == 0)
        assert wrong == [], seed
        counted += found
    assert counted["numbers"] > 20 * EACH
    assert counted["="] > counted["≈"] > 0


def article_of_givens(document: Document) -> str:
    """The article as far as the forward pass: what is given, without the work of breaking every line."""
    stop = next(place for place, block in enumerate(document.blocks) if getattr(block, "anchor", "") == "forward")
    return article(replace(document, blocks=document.blocks[:stop]))


def test_a_decimal_comma_changes_the_text_alone() -> None:
    derivation = derive(load("step_by_step"))
    point, comma = (article(worksheet(derivation, decimal_comma=choice)) for choice in (False, True))
    assert "0{,}593269992" in comma and "0.593269992" not in comma
    assert equations(comma) == equations(point)


@pytest.mark.parametrize("net", bundled())
def test_in_carry_only_second_forms_are_approximate(net: str) -> None:
    lines = equations(article(worksheet(derive(load(net)), Digits(significant=4), "carry")))
    approximate = {line.label for line in lines if line.members[-1][0] == r"\approx"}
    assert all(label.endswith("-chain-rule") for label in approximate)


def test_a_false_line_is_found() -> None:
    """One digit, one relation, one operand, one formula changed: each is seen."""
    tex = article(worksheet(derive(load("step_by_step"))))
    given = given_values(tex)
    assert falsehoods(equations(tex), given)[0] == []
    slopes = r"0.751365070 \cdot (1 - 0.751365070) = 0.186815602"
    for old, new in (
        ("= 0.377500000", "= 0.377500001"),
        (r"\approx 0.274811083", "= 0.274811083"),
        ("= 0.298371109", r"\approx 0.298371109"),
        (slopes, slopes.replace("(1 - 0.75", "(1 - 0.76")),
        (r"= \delta_{o1}\,\mathrm{out}_{h1}", r"= \delta_{o2}\,\mathrm{out}_{h1}"),
    ):
        assert tex.count(old) == 1, old
        assert len(falsehoods(equations(tex.replace(old, new)), given)[0]) >= 1, old


def test_what_carrying_has_cost_is_told() -> None:
    """The differences of the closing table, from the sheet's own numbers and a sheet with 30 digits."""
    derivation = derive(load("step_by_step"))
    carried = article(worksheet(derivation, Digits(significant=4), "carry"))
    exact = known_values(equations(article(worksheet(derivation, Digits(significant=30)))), {})
    rows = re.findall(r"^\$(.*?)\$ & \$(.*?)\$ & \$(.*?)\$ & \$(.*?)\$ \\\\$", carried, re.MULTILINE)
    told = {name: (value, full, cost) for name, value, full, cost in rows if name in exact}
    assert set(told) == {*(f"w_{k}^{{+}}" for k in range(1, 9)), r"E_{\mathrm{total}}^{+}"}
    for name, (value, full, cost) in told.items():
        assert rounds_to(exact[name], full)
        assert rounds_to(fabs(_number(value) - exact[name]) / fabs(exact[name]), cost)
    assert "at most" in carried
    assert "What carrying" not in article(worksheet(derivation))
