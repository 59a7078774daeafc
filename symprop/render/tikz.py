"""A picture of the network in TikZ.

Input: a `Picture` and the notation. Output: a `tikzpicture` that needs the tikz package alone.
"""

from __future__ import annotations

from symprop.notation import Notation
from symprop.notation.latex import box_latex, latex
from symprop.notation.symbols import numeral
from symprop.render.labels import connection_label, is_long, label_places, unit_name
from symprop.render.picture import Connection, Picture, Unit
from symprop.terms import Number, Ref


def tikz(picture: Picture, notation: Notation) -> str:
    """Circles with names, values under them, labelled arrows between them."""
    lines = [r"\begin{tikzpicture}[unit/.style={circle,draw,minimum size=9mm,inner sep=1pt},"]
    if any(is_long(unit, notation) for unit in picture.units):
        lines.append(r"  long unit/.style={rounded corners=4.5mm,draw,minimum height=9mm,inner xsep=4pt},")
    lines.append(r"  label text/.style={font=\scriptsize,fill=white,inner sep=1pt},>=stealth]")
    lines += [_unit(place, unit, notation) for place, unit in enumerate(picture.units)]
    places = label_places(picture, notation)
    lines += [rf"\draw[->] (u{each.source}) -- (u{each.target});" for each in picture.connections]
    lines += [_value(place, unit.value, notation) for place, unit in enumerate(picture.units) if unit.value is not None]
    lines += [_weight(each, place, notation) for each, place in zip(picture.connections, places, strict=True) if each.weight]
    lines += [_bias(place, names, picture, notation) for place, names in _biases(picture).items()]
    lines += [rf"\node[label text] at ({x:.2f},{y:.2f}) {{${latex(Ref(name), notation)}$}};" for name, x, y in picture.matrices]
    return "\n".join([*lines, r"\end{tikzpicture}"])


def _unit(place: int, unit: Unit, notation: Notation) -> str:
    at = f"at ({unit.x:.2f},{unit.y:.2f})"
    if not unit.name:
        return rf"\node (u{place}) {at} {{$\vdots$}};"
    style = "long unit" if is_long(unit, notation) else "unit"
    return rf"\node[{style}] (u{place}) {at} {{$\scriptstyle {box_latex(unit_name(unit, notation))}$}};"


def _value(place: int, value: Number, notation: Notation) -> str:
    """Under its unit, and over the lines that pass there."""
    return rf"\node[label text,below=1.5pt] at (u{place}.south) {{${box_latex(numeral(value, notation))}$}};"


def _weight(connection: Connection, place: float, notation: Notation) -> str:
    """A label over its line, and over the lines that cross it."""
    box = connection_label(connection, notation)
    label = box_latex(box) if box else ""
    return rf"\path (u{connection.source}) -- node[label text,pos={place:g}] {{${label}$}} (u{connection.target});"


def _biases(picture: Picture) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for place, name in picture.biases:
        found.setdefault(place, []).append(name)
    return found


def _bias(place: int, names: list[str], picture: Picture, notation: Notation) -> str:
    unit = picture.units[place]
    label = ", ".join(f"${latex(Ref(name), notation)}$" for name in names)
    return rf"\draw[<-] (u{place}) -- ++(0,0.82) node[above,font=\scriptsize,inner sep=1pt] {{{label}}};" if unit.name else ""
