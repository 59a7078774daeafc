"""A picture of the network as a Mermaid flowchart: GitHub and GitLab draw it, elsewhere it reads as a list of connections.

Input: a `Picture`. Output: Mermaid without the fence around it.
"""

from __future__ import annotations

from symprop.notation.text import text
from symprop.render.picture import Connection, Picture, Unit
from symprop.terms import Entry, Number, Ref

MOST_CONNECTIONS = 80  # a denser picture says more in words


def mermaid(picture: Picture, decimal_comma: bool = False) -> str:
    """Nodes with names and values, from left to right, weights on the connections; empty for a picture that is too dense."""
    if len(picture.connections) > MOST_CONNECTIONS:
        return ""
    lines = ["flowchart LR", f"  accTitle: The network\n  accDescr: {picture.description}"]
    lines += [f"  u{place}{_node(unit, decimal_comma)}" for place, unit in enumerate(picture.units)]
    lines += [f"  u{each.source} {_arrow(each, decimal_comma)} u{each.target}" for each in picture.connections]
    lines += [f'  b{place}["{name}"] --> u{at}' for place, (at, name) in enumerate(picture.biases) if picture.units[at].name]
    return "\n".join(lines)


def _node(unit: Unit, decimal_comma: bool) -> str:
    if not unit.name:
        return '["\u22ee"]'
    name = text(Entry(unit.name, (unit.index - 1,))) if unit.index else unit.name
    return f'(("{_valued(name, unit.value, decimal_comma)}"))'


def _arrow(connection: Connection, decimal_comma: bool) -> str:
    return f'-- "{_valued(text(Ref(connection.weight)), connection.value, decimal_comma)}" -->' if connection.weight else "-->"


def _valued(name: str, value: Number | None, decimal_comma: bool) -> str:
    return name if value is None else f"{name} = {value.text.replace('.', ',') if decimal_comma else value.text}"
