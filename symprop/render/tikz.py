"""A picture of the network in TikZ.

Input: a `Picture` and the notation. Output: a `tikzpicture` that needs the tikz package alone.
"""

from __future__ import annotations

from collections import Counter

from symprop.notation import Notation
from symprop.notation.latex import box_latex, latex
from symprop.notation.symbols import numeral
from symprop.render.picture import Connection, Picture, Unit
from symprop.terms import Entry, Number, Ref

LABEL_PLACES = (0.22, 0.36, 0.5, 0.64)  # along a connection, so that labels of lines that cross stay apart


def tikz(picture: Picture, notation: Notation) -> str:
    """Circles with names, values under them, labelled arrows between them."""
    lines = [r"\begin{tikzpicture}[unit/.style={circle,draw,minimum size=9mm,inner sep=1pt},"]
    lines.append(r"  label text/.style={font=\scriptsize,fill=white,inner sep=1pt},>=stealth]")
    lines += [_unit(place, unit, notation) for place, unit in enumerate(picture.units)]
    seen: Counter[int] = Counter()
    for connection in picture.connections:
        lines.append(_connection(connection, seen[connection.source], notation))
        seen[connection.source] += 1
    lines += [_bias(place, names, picture, notation) for place, names in _biases(picture).items()]
    lines += [rf"\node[label text] at ({x:.2f},{y:.2f}) {{${latex(Ref(name), notation)}$}};" for name, x, y in picture.matrices]
    return "\n".join([*lines, r"\end{tikzpicture}"])


def _unit(place: int, unit: Unit, notation: Notation) -> str:
    at = f"at ({unit.x:.2f},{unit.y:.2f})"
    if not unit.name:
        return rf"\node (u{place}) {at} {{$\vdots$}};"
    name = latex(Entry(unit.name, (unit.index - 1,)) if unit.index else Ref(unit.name), notation)
    below = rf"label={{[font=\scriptsize]below:${_number(unit.value, notation)}$}}" if unit.value else ""
    return rf"\node[unit,{below}] (u{place}) {at} {{$\scriptstyle {name}$}};"


def _connection(connection: Connection, nth: int, notation: Notation) -> str:
    line = rf"\draw[->] (u{connection.source}) -- "
    if connection.weight:
        label = latex(Ref(connection.weight), notation)
        value = f" = {_number(connection.value, notation)}" if connection.value else ""
        line += rf"node[label text,pos={LABEL_PLACES[nth % len(LABEL_PLACES)]}] {{${label}{value}$}} "
    return f"{line}(u{connection.target});"


def _biases(picture: Picture) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for place, name in picture.biases:
        found.setdefault(place, []).append(name)
    return found


def _bias(place: int, names: list[str], picture: Picture, notation: Notation) -> str:
    unit = picture.units[place]
    label = ", ".join(f"${latex(Ref(name), notation)}$" for name in names)
    return rf"\draw[<-] (u{place}) -- ++(0,0.85) node[above,font=\scriptsize,inner sep=1pt] {{{label}}};" if unit.name else ""


def _number(value: Number | None, notation: Notation) -> str:
    return box_latex(numeral(value, notation)) if value is not None else ""
