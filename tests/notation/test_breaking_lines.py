"""The line breaker: no row wider than the page, nothing lost, and estimated widths held to TeX's own."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symprop.derive import derive
from symprop.language import Names, read
from symprop.notation import Notation
from symprop.notation.boxes import Box, Row, Sign, row
from symprop.notation.breaking import CONTINUED, RELATION, DisplayRow, break_chain, hang_chain
from symprop.notation.latex import box_latex, latex_rows
from symprop.notation.layout import layout
from symprop.notation.mathml import mathml_rows
from symprop.notation.symbols import array
from symprop.notation.width import width
from symprop.spec import bundled, load
from symprop.terms import Add, Mul, Ref, Term, number

NAMES = Names.of(*(f"w{index}" for index in range(1, 30)), "net_h1", "out_h1", "E_total", "alpha", X=2)
NOTATION = Notation(NAMES.declared, {"X": (2, 2)})
HEAD = layout(Ref("net_h1"), NOTATION)
SIGNS = ("=", "≈")


def boxed(source: str) -> Box:
    return layout(read(source, NAMES), NOTATION)


def row_width(each: DisplayRow, left: Box) -> float:
    return width(left) + (RELATION if each.relation else CONTINUED) + width(each.body)


def test_what_fits_stays_on_one_row() -> None:
    rows = break_chain(HEAD, [("=", boxed("w1*w2 + w3")), ("≈", boxed("0.3775"))], 40)
    assert latex_rows(rows) == r"\mathrm{net}_{h1} &= w_1 w_2 + w_3 \approx 0.3775"


def test_a_chain_breaks_at_its_relations_first_then_at_plus_and_minus() -> None:
    sources = ["w1*w2 + w3*w4 - w5*w6", "0.15*0.05 + 0.20*0.10 - 0.35", "0.3775"]
    assert latex_rows(break_chain(HEAD, [("=", boxed(source)) for source in sources], 16)) == (
        "\\mathrm{net}_{h1} &= w_1 w_2 + w_3 w_4 - w_5 w_6 \\\\\n&= 0.15 \\cdot 0.05 + 0.20 \\cdot 0.10 \\\\\n"
        "&\\quad {} - 0.35 = 0.3775"
    )


def test_a_product_breaks_before_a_factor_with_its_sign_written_out() -> None:
    (_, second) = break_chain(HEAD, [("=", boxed("(w1 + w2 + w3)*(w4 + w5 + w6)"))], 15)
    assert box_latex(second.body).strip() == r"\cdot (w_4 + w_5 + w_6)"


def test_a_bracket_too_wide_breaks_inside_and_a_fraction_at_its_slash() -> None:
    total = " + ".join(f"w{index}" for index in range(1, 13))
    rows = break_chain(HEAD, [("=", boxed(f"alpha*({total})"))], 14)
    joined = "".join(box_latex(each.body) for each in rows)
    assert joined.count("(") == joined.count(")") == 1 and len(rows) > 2
    rows = break_chain(HEAD, [("=", boxed(f"({total})/({total})"))], 14)
    assert "/" in "".join(box_latex(each.body) for each in rows)


def matrix_sum(rows: int, last: str) -> Box:
    """A wide sum of matrices in brackets, behind a factor."""
    names = Names.of("b", V=2, W=2)
    values = {name: tuple((number("0.593269992"), number("-0.596884378")) for _ in range(rows)) for name in ("V", "W")}
    notation = Notation(names.declared, {"V": (rows, 2), "W": (rows, 2)}).showing(values)
    return layout(read(f"(V + W - V + {last})**2", names), notation)


@pytest.mark.parametrize("last", ["W", "b"])
def test_brackets_around_a_broken_sum_of_matrices_stay_as_high_as_it(last: str) -> None:
    """Each row sets its own \\left and \\right; a row without a matrix gets the height by a strut."""
    rows = break_chain(HEAD, [("=", matrix_sum(4, last))], 24)
    assert len(rows) > 1
    shown = [box_latex(each.body).strip() for each in rows]
    assert shown[0].startswith(r"\left( \begin{bmatrix}") and shown[0].endswith(r"\right.")
    assert shown[-1].endswith(r"\right)^2")
    assert all(row.count(r"\left") == row.count(r"\right") for row in shown)
    assert (r"\rule[-2.15em]{0pt}{4.80em}" in shown[-1]) == (last == "b")
    assert not any(re.search(r"(?<!left)(?<!right)[()]", row) for row in shown), "no bracket of one line's height"
    markup = mathml_rows(rows)
    assert markup.count(">(</mo>") == markup.count(">)</mo>") == 1
    assert 'stretchy="false">(' not in markup and 'stretchy="false">)' not in markup
    assert ('<mspace height="2.65em" depth="2.15em">' in markup) == (last == "b")


def test_a_broken_call_of_a_sum_of_matrices_keeps_its_name_at_its_bracket() -> None:
    names = Names.of(V=2, W=2)
    values = {name: tuple((number("0.593269992"), number("-0.596884378")) for _ in range(3)) for name in ("V", "W")}
    notation = Notation(names.declared, {"V": (3, 2), "W": (3, 2)}).showing(values)
    rows = break_chain(HEAD, [("=", layout(read("sigmoid(V + W - V + W)", names), notation))], 24)
    shown = [box_latex(each.body).strip() for each in rows]
    assert len(shown) > 1 and shown[0].startswith(r"\sigma\!\left( ") and shown[-1].endswith(r"\right)")


def test_a_matrix_that_fits_a_row_of_its_own_is_not_torn() -> None:
    """Continued rows once had less room than first ones, and the last column stood alone on a third row."""
    small, wide = (array(tuple((number("-0.25"),) * columns for _ in range(2)), NOTATION) for columns in (2, 8))
    rows = break_chain(HEAD, [("=", row(small, Sign("⋅"), wide))], width(HEAD) + RELATION + width(row(Sign("⋅"), wide)))
    assert [each.body for each in rows] == [small, row(Sign("⋅"), wide)]


def test_rows_under_a_wide_left_side_are_indented_and_a_row_that_goes_on_is_more_so() -> None:
    parts = [("=", boxed("w1*w2 + w3*w4 - w5*w6")), ("≈", boxed("0.3775"))]
    rows = hang_chain(row(HEAD, HEAD, HEAD), parts, 12, 1)
    assert latex_rows(rows).replace(r"\mathrm{net}_{h1}", "h").splitlines() == [
        r"& hhh \\", r"&\quad = w_1 w_2 + w_3 w_4 \\", r"&\quad \quad {} - w_5 w_6 \\", r"&\quad \approx 0.3775",
    ]  # fmt: skip
    assert mathml_rows(rows).count('<mtd></mtd><mtd><mspace width="1em"></mspace><mo form="infix">') == 2


def test_markup_has_a_cell_on_each_side_of_the_alignment() -> None:
    markup = mathml_rows(break_chain(HEAD, [("=", boxed("w1 + w2")), ("=", boxed("w3 + w4"))], 12))
    assert markup.count("<mtr>") == 2 and markup.count("<mtd>") == 4
    assert '<mtd></mtd><mtd><mo form="infix">=</mo>' in markup


names = st.sampled_from([f"w{index}" for index in range(1, 30)]).map(Ref)
products = st.lists(names | st.integers(1, 999).map(number), min_size=2, max_size=4).map(lambda factors: Mul(tuple(factors)))
inner_sums = st.lists(products, min_size=2, max_size=4).map(lambda terms: Add(tuple(terms)))
factors = st.tuples(names, inner_sums).map(Mul)
sums = st.lists(products | factors | names, min_size=2, max_size=12).map(lambda terms: Add(tuple(terms)))


@given(st.lists(sums | products, min_size=1, max_size=3), st.floats(12, 60))
def test_no_row_is_wider_than_the_page_and_nothing_is_lost(terms: list[Term], room: float) -> None:
    parts = [("=", layout(term, NOTATION)) for term in terms]
    rows = break_chain(HEAD, parts, room)
    assert max(row_width(each, HEAD) for each in rows) <= room + 1e-9
    assert rows[0].left == HEAD and all(each.left is None for each in rows[1:])
    whole = "".join(box_latex(row(Sign(relation), part)) for relation, part in parts)
    broken = "".join(each.relation + box_latex(each.body) for each in rows)
    assert written(broken) == written(whole)


def written(tex: str) -> str:
    """Letters, digits, brackets and additive signs: spaces and product signs may differ at a break."""
    return re.sub(r"\\,|\\cdot|\s", "", tex)


@given(st.lists(sums, min_size=1, max_size=2), st.floats(20, 60))
def test_rows_are_filled(terms: list[Term], room: float) -> None:
    """The first piece of a continued row would not have fitted on the row before."""
    rows = break_chain(HEAD, [("=", layout(term, NOTATION)) for term in terms], room)
    for before, after in zip(rows, rows[1:], strict=False):
        if not after.relation and isinstance(after.body, Row) and is_additive(after.body.parts[0]):
            places = [place for place, part in enumerate(after.body.parts) if place and is_additive(part)]
            first = row(*after.body.parts[: places[0] if places else None])
            assert row_width(before, HEAD) + width(first) > room - (RELATION - CONTINUED) - 1e-9


def is_additive(part: Box) -> bool:
    return isinstance(part, Sign) and part.text in "+−"


def samples() -> list[Box]:
    """Every equation and gradient of the bundled networks, and numbers as a worksheet prints them."""
    found: list[Box] = []
    for net in bundled():
        derivation = derive(load(net))
        notation = Notation.of(derivation.network, derivation.gradient_quantities)
        found += [layout(equation.term, notation) for equation in derivation.network.graph.equations]
        found += [row(layout(Ref(step.name), notation), layout(step.term, notation)) for step in derivation.steps.values()]
    found += [boxed("0.40*0.593269992 + 0.45*(-0.596884378) + 0.60"), boxed("exp(-0.3775)/(1 + exp(-0.3775))**2")]
    found += [boxed("1.4e-7*(-0.138498562)*0.751365070*(1 - 0.751365070)"), boxed("sqrt(alpha)*maximum(w1, E_total) + relu(w2)")]
    matrix = tuple(tuple(number(f"-0.{row}{column}5") for column in range(5)) for row in range(3))
    return [*found, array(matrix, NOTATION), row(array(matrix, NOTATION), Sign("⊙"), array(matrix, NOTATION))]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_estimated_widths_are_those_of_tex_and_rather_too_large(tmp_path: Path) -> None:
    boxes = samples()
    lines = "\n".join(
        rf"\setbox0=\hbox{{$\displaystyle {box_latex(box)}$}}\typeout{{WIDTH \the\wd0}}" for box in boxes
    )
    closer = "\\setlength{\\arraycolsep}{3pt}"  # as our pages set matrices
    source = f"\\documentclass{{article}}\\usepackage{{amsmath}}{closer}\\begin{{document}}\n{lines}\n\\end{{document}}\n"
    (tmp_path / "widths.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "widths.tex"]
    log = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    measured = [float(points) / 10 for points in re.findall(r"WIDTH ([\d.]+)pt", log)]
    assert len(measured) == len(boxes)
    for box, em in zip(boxes, measured, strict=True):
        assert em <= width(box) + 0.05, box_latex(box)
        assert width(box) <= 1.25 * em + 1, box_latex(box)
