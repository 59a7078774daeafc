"""A picture of the network in SVG, to stand inside an HTML page or alone.

Input: a `Picture` and the notation. Output: one `svg` element, drawn in the colours of the text and of the page around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import hypot

from symprop.notation import Notation
from symprop.notation.boxes import Box, Sign
from symprop.notation.layout import layout
from symprop.notation.symbols import listed, numeral
from symprop.notation.width import width
from symprop.render.labels import connection_label, label_places, unit_name
from symprop.render.picture import Connection, Picture, Unit
from symprop.render.svg_text import svg_text
from symprop.terms import Ref

CM = 52.0  # pixels
RADIUS = 0.42 * CM
NAME, LABEL = 16.0, 13.0  # sizes of text in pixels
BIAS = 0.36 * CM  # the length of a bias's arrow
WIDER = 1.28  # the text of a serif face of the screen, beside those of the page's mathematics
BELOW = 11.0  # from a unit to the middle of its value
FONT = "font-family:Georgia,'DejaVu Serif',serif;fill:currentColor"


@dataclass(frozen=True, slots=True)
class _Place:
    """A unit's centre and half-widths in pixels."""

    x: float
    y: float
    rx: float
    ry: float


def svg(picture: Picture, notation: Notation, identity: str = "network") -> str:
    """Circles with names, values under them, labelled arrows between them; `identity` keeps two drawings on a page apart."""
    places = [_place(unit, notation) for unit in picture.units]
    ends = [_ends(places[connection.source], places[connection.target]) for connection in picture.connections]
    lines = [_arrow(*each, identity) for each in ends]
    alongs = label_places(picture, notation)
    drawn_labels = zip(picture.connections, ends, alongs, strict=True)
    labels = [_weight(connection, each, along, notation) for connection, each, along in drawn_labels]
    units = [_unit(unit, place, notation) for unit, place in zip(picture.units, places, strict=True)]
    biases = [_bias(places[at], names, notation, identity) for at, names in _biases(picture).items()]
    matrices = [_label(Ref(name), x * CM, -y * CM, notation) for name, x, y in picture.matrices]
    values = [_value(unit, place, notation) for unit, place in zip(picture.units, places, strict=True) if unit.value is not None]
    drawn = [_head(identity), *lines, *units, *biases, *values, *labels, *matrices]
    return element("\n".join(filter(None, drawn)), _frame(picture, places, notation), picture.description, identity)


def element(content: str, frame: tuple[float, float, float, float], description: str, identity: str, title: str = "") -> str:
    """The `svg` element of a drawing, with its title and description for those who cannot see it."""
    left, top, wide, high = frame
    named = f'<title id="{identity}-title">{escape(title or "The network")}</title>'
    told = f'<desc id="{identity}-desc">{escape(description)}</desc>'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.0f} {top:.0f} {wide:.0f} {high:.0f}" width="{wide:.0f}"'
    roles = f'role="img" aria-labelledby="{identity}-title" aria-describedby="{identity}-desc"'
    drawn = f'<g aria-hidden="true">\n{content}\n</g>'  # its letters, one by one, would be read after the description
    return f'{start} height="{high:.0f}" class="{identity}" {roles}>\n{named}\n{told}\n{drawn}\n</svg>'


def standalone(drawing: str) -> str:
    """A drawing as a file of its own: dark on white wherever it is shown."""
    return drawing.replace("<svg ", '<svg style="color:#1b1b1b;background:#fff" ', 1) + "\n"


def _head(identity: str) -> str:
    tip = '<path d="M0,0 L8,3 L0,6 z" fill="currentColor"/>'
    marker = f'<marker id="{identity}-tip" markerWidth="8" markerHeight="6" refX="8" refY="3" orient="auto">{tip}</marker>'
    # a page's styles are global, so each drawing names its own
    style = f".{identity} text{{{FONT};text-anchor:middle}}.{identity} .halo{{fill:var(--paper,#fff)}}"
    return f"<defs>{marker}</defs>\n<style>{style}</style>"


def _place(unit: Unit, notation: Notation) -> _Place:
    needed = width(unit_name(unit, notation)) * WIDER * NAME / 2 + 4 if unit.name else 0.0
    return _Place(unit.x * CM, -unit.y * CM, max(RADIUS, needed), RADIUS)


def _ends(source: _Place, target: _Place) -> tuple[float, float, float, float]:
    """From one border to the other, a little before it."""
    dx, dy = target.x - source.x, target.y - source.y
    leave = 1 / hypot(dx / source.rx, dy / source.ry)
    arrive = 1 / hypot(dx / (target.rx + 1), dy / (target.ry + 1))
    return source.x + leave * dx, source.y + leave * dy, target.x - arrive * dx, target.y - arrive * dy


def _arrow(x1: float, y1: float, x2: float, y2: float, identity: str) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="currentColor" stroke-width="1" marker-end="url(#{identity}-tip)"/>'


def _weight(connection: Connection, ends: tuple[float, float, float, float], along: float, notation: Notation) -> str:
    box = connection_label(connection, notation)
    x1, y1, x2, y2 = ends
    return _on_paper(box, x1 + along * (x2 - x1), y1 + along * (y2 - y1)) if box else ""


def _label(term: Ref, x: float, y: float, notation: Notation) -> str:
    return _on_paper(layout(term, notation), x, y)


def _on_paper(box: Box, x: float, y: float, half: float = 0.0) -> str:
    """A label on a patch of the page's colour, so that lines behind it do not cross it out."""
    half = half or width(box) * LABEL / 2 + 2
    patch = f'<rect class="halo" x="{x - half:.1f}" y="{y - 9:.1f}" width="{2 * half:.1f}" height="18"/>'
    return patch + _text(box, x, y + 4.5, LABEL)


def _text(box: Box, x: float, y: float, size: float) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}">{svg_text(box, size)}</text>'


def _unit(unit: Unit, place: _Place, notation: Notation) -> str:
    if not unit.name:
        return _text(Sign("⋮", "symbol"), place.x, place.y + 6, NAME)
    shape = f'cx="{place.x:.1f}" cy="{place.y:.1f}" rx="{place.rx:.1f}" ry="{place.ry:.1f}"'
    circle = f'<ellipse class="halo" {shape} stroke="currentColor" stroke-width="1.2"/>'
    return circle + _text(unit_name(unit, notation), place.x, place.y + 5, NAME)


def _value(unit: Unit, place: _Place, notation: Notation) -> str:
    """Under its unit, and over the lines that pass there."""
    assert unit.value is not None, "a unit with a value"
    return _on_paper(numeral(unit.value, notation), place.x, place.y + RADIUS + BELOW, _half_value(unit, notation))


def _biases(picture: Picture) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for at, name in picture.biases:
        if picture.units[at].name:
            found.setdefault(at, []).append(name)
    return found


def _bias(place: _Place, names: list[str], notation: Notation, identity: str) -> str:
    arrow = _arrow(place.x, place.y - RADIUS - BIAS, place.x, place.y - RADIUS - 1, identity)
    names_box = listed([layout(Ref(name), notation) for name in names])
    return arrow + _on_paper(names_box, place.x, place.y - RADIUS - BIAS - 8)


def _frame(picture: Picture, places: list[_Place], notation: Notation) -> tuple[float, float, float, float]:
    """What the drawing covers: left, top, width, height."""
    halves = [max(place.rx, _half_value(unit, notation)) for unit, place in zip(picture.units, places, strict=True)]
    left = min(place.x - half for place, half in zip(places, halves, strict=True)) - 8
    right = max(place.x + half for place, half in zip(places, halves, strict=True)) + 8
    label_tops = [-y * CM - 12 for _, _, y in picture.matrices]
    bias_tops = [places[at].y - RADIUS - BIAS - 20 for at in _biases(picture)]
    top = min([place.y - RADIUS - 4 for place in places] + label_tops + bias_tops)
    bottom = max(place.y + RADIUS + (2 * BELOW if unit.value else 4) for place, unit in zip(places, picture.units, strict=True))
    return left, top, right - left, bottom - top


def _half_value(unit: Unit, notation: Notation) -> float:
    return width(numeral(unit.value, notation)) * WIDER * LABEL / 2 if unit.value is not None else 0.0
