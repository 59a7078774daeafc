"""LaTeX of terms and boxes, for amsmath, KaTeX and MathJax alike.

Input: a term and a Notation, or a Box. Output: LaTeX without the `$` around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import singledispatch

from symprop.notation.boxes import (
    Accent,
    Box,
    Call,
    Fence,
    Gap,
    Grid,
    Letter,
    Limits,
    Numeral,
    Over,
    Root,
    Row,
    Scripts,
    Sign,
    Word,
    has_fraction,
    is_tall,
    missing_height,
)
from symprop.notation.breaking import DisplayRow
from symprop.notation.layout import layout
from symprop.notation.names import Notation as Notation
from symprop.terms import Term
from symprop.terms.typography import GREEK

COMMANDS = {symbol: f"\\{name}" for name, symbol in GREEK.items()}
AXIS = 0.25  # em: the height of the line in whose middle brackets stand
OPERATORS = ("exp", "ln", "log", "max", "min", "sinh", "cosh", "tanh", "coth")  # function names that amsmath has as commands
SIGNS = {
    "−": "-",
    "⋅": r"\cdot",
    "⊙": r"\odot",
    "≈": r"\approx",
    "∂": r"\partial",
    "⊤": r"\top",
    "∑": r"\sum",
    "←": r"\leftarrow",
    "⋯": r"\cdots",
    "⋮": r"\vdots",
    "′": r"\prime",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "$": r"\$",
    "_": r"\_",
    "\\": r"\backslash",
    "^": r"\wedge",
    "~": r"\sim",
}


def latex(term: Term, notation: Notation) -> str:
    """The LaTeX of a term, in the author's order."""
    return box_latex(layout(term, notation))


def latex_rows(rows: Iterable[DisplayRow]) -> str:
    """Rows for an `aligned` or `align` environment, lined up at their relations."""
    return " \\\\\n".join(_latex_row(each) for each in rows)


def _latex_row(each: DisplayRow) -> str:
    left = box_latex(each.left) if each.left else ""
    start = r"\quad " * each.indent + (SIGNS.get(each.relation, each.relation) or "{}" * bool(each.indent))
    return joined(f"{left} &" if left else "&", start, " ", box_latex(each.body)).rstrip()


@singledispatch
def box_latex(box: Box) -> str:
    """The LaTeX of a box."""
    raise TypeError(f"box_latex: no case for {type(box).__name__}")


@box_latex.register
def _(box: Letter) -> str:
    return COMMANDS.get(box.text, box.text)


@box_latex.register
def _(box: Word) -> str:
    if box.function:
        return f"\\{box.text}" if box.text in OPERATORS else rf"\operatorname{{{_word(box.text)}}}"
    return _blank(box.text) if not box.text.strip("_") else rf"\mathrm{{{_word(box.text)}}}"


@box_latex.register
def _(box: Numeral) -> str:
    return box.text.replace(",", "{,}")


@box_latex.register
def _(box: Sign) -> str:
    text = SIGNS.get(box.text, box.text)
    return f" {text} " if box.form == "infix" else f"{text} " if box.text == "," else text


@box_latex.register
def _(box: Gap) -> str:
    return r"\," if box.thin else " "


@box_latex.register
def _(box: Row) -> str:
    return joined(*(box_latex(part) for part in box.parts))


@box_latex.register
def _(box: Scripts) -> str:
    return box_latex(box.base) + _script("_", box.sub) + _script("^", box.sup)


@box_latex.register
def _(box: Accent) -> str:
    return rf"\{box.mark}{{{box_latex(box.base)}}}"


@box_latex.register
def _(box: Over) -> str:
    return rf"\frac{{{_fraction_part(box.numerator)}}}{{{_fraction_part(box.denominator)}}}"


def _fraction_part(box: Box) -> str:
    return box_latex(box).replace(r"\frac", r"\dfrac") if has_fraction(box) else box_latex(box)


@box_latex.register
def _(box: Root) -> str:
    return rf"\sqrt{{{box_latex(box.radicand)}}}"


@box_latex.register
def _(box: Fence) -> str:
    inner = box_latex(box.inner).strip()
    if not is_tall(box):
        return f"{box.left}{inner}{box.right}"
    needed = missing_height(box)
    strut = rf"\rule[{AXIS - needed / 2:.2f}em]{{0pt}}{{{needed:.2f}em}} " if needed else ""
    return rf"\left{box.left or '.'} {strut}{inner} \right{box.right or '.'}"


@box_latex.register
def _(box: Call) -> str:
    tight = r"\!" if is_tall(box.arguments) else ""  # \left puts a thin space after a function's name
    return joined(box_latex(box.function), tight, box_latex(box.arguments))


@box_latex.register
def _(box: Limits) -> str:
    return joined(box_latex(box.operator), _script("_", box.under), " ")


@box_latex.register
def _(box: Grid) -> str:
    apart = "[6pt]" if any(isinstance(entry, Over) for entries in box.rows for entry in entries) else ""
    rows = rf" \\{apart} ".join(" & ".join(box_latex(entry) for entry in entries) for entries in box.rows)
    if box.left and box.right:
        return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
    return rf"\left{box.left or '.'} \begin{{matrix}} {rows} \end{{matrix}} \right{box.right or '.'}"


def _script(mark: str, script: Box | None) -> str:
    if script is None:
        return ""
    text = box_latex(script).strip()
    return f"{mark}{text}" if (len(text) == 1 and text.isalnum()) or re.fullmatch(r"\\[A-Za-z]+", text) else f"{mark}{{{text}}}"


def joined(*parts: str) -> str:
    """Pieces of LaTeX side by side; a command and a letter behind it are kept apart."""
    text = ""
    for part in parts:
        apart = re.search(r"\\[A-Za-z]+$", text) and part[:1].isalpha()
        text += f" {part}" if apart else part.lstrip(" ") if text.endswith(" ") else part
    return text


def _word(text: str) -> str:
    """A word inside mathematics."""
    return "".join(_SPECIAL.get(character, COMMANDS.get(character, character)) for character in text)


def escaped(text: str) -> str:
    """Running text as LaTeX: special characters harmless, Greek letters and mathematical signs in math mode, blanks as lines."""
    pieces = re.split(r"(_{4,})", text)
    return "".join(_blank(piece) if piece[:4] == "____" else _escaped(piece) for piece in pieces)


def _escaped(text: str) -> str:
    return "".join(_TEXT.get(character, character) for character in text)


def _blank(line: str) -> str:
    """A line to write on, as long as its underscores: side by side these would leave gaps."""
    return rf"\underline{{\hspace{{{len(line) // 2}em}}}}"


_RELATIONS = {"<": "<", ">": ">", "|": "|", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "→": r"\to", "×": r"\times", "±": r"\pm"}
_FRACTIONS = {"½": r"\frac{1}{2}", "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}", "°": r"^{\circ}", "∞": r"\infty"}
_SPECIAL = {character: f"\\{character}" for character in "{}$&#%_"}
_RAISED = {character: f"\\ensuremath{{^{{{plain}}}}}" for character, plain in zip("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789", strict=True)}
_LOWERED = {character: f"\\ensuremath{{_{{{plain}}}}}" for character, plain in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)}
_TEXT: dict[str, str] = {
    **{character: f"\\ensuremath{{{command}}}" for character, command in (SIGNS | COMMANDS).items() if not character.isascii()},
    **_SPECIAL,
    **_RAISED,
    **_LOWERED,
    **{character: f"\\ensuremath{{{command}}}" for character, command in (_RELATIONS | _FRACTIONS).items()},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
