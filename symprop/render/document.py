"""The one structure from which every format of a worked example is written: blocks in order, equations numbered once.

Input: made by the worksheet and exercise builders from a Derivation and its worked lines. Output: read by one writer for each
format (LaTeX, HTML, Markdown, text, JSON, notebook), so that all of them say the same, under the same numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import Literal, TypeAlias

from symprop.graph import Value
from symprop.notation import Notation
from symprop.terms import Number, Term

Relation: TypeAlias = Literal["=", "≈", "←"]


@dataclass(frozen=True, slots=True)
class Cite:
    """A reference to a displayed equation by its label; printed as its number, linked where the format can."""

    label: str


@dataclass(frozen=True, slots=True)
class Code:
    """A name or command to be typed, set in a typewriter face."""

    text: str


Part: TypeAlias = "str | Term | Cite | Code"  # a term is set as inline mathematics


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text with inline mathematics, citations and code."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's (level 1) or subsection's (level 2) title; the document's title is not a heading."""

    level: int
    parts: tuple[Part, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Matrices:
    """A product of matrices written out, entry by entry: `factors` are rows of terms."""

    factors: tuple[tuple[tuple[Term, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A formula with numbers in the places of its names: each array that it names as the matrix of its printed values."""

    term: Term
    values: Mapping[str, Value]


Body: TypeAlias = "Term | Matrices | Filled"


@dataclass(frozen=True, slots=True)
class Member:
    """One link of a chain: a relation and what stands behind it; `kind` says what it is to a reader and to an edition.

    `blank` members print as an empty line to be filled in.
    """

    relation: Relation
    body: Body
    kind: Literal["formula", "numbers", "value"] = "formula"
    blank: bool = False


def matrix(value: Value) -> Body:
    """A printed array as a body: a matrix of its numbers (a vector is one row), a scalar as it is."""
    if isinstance(value, Number):
        return value
    rows = value if isinstance(value[0], tuple) else (value,)
    return Matrices((tuple(tuple(_a_number(entry) for entry in row) for row in rows if isinstance(row, tuple)),))


def _a_number(value: Value) -> Number:
    assert isinstance(value, Number), "a matrix has two axes"
    return value


@dataclass(frozen=True, slots=True)
class Display:
    """A displayed chain `head = formula = numbers = value`, numbered, with the rule's name and what it uses beside it.

    `label` is stable across formats and editions (`net_h1`, `dE_dw5`, `dE_dw5 (delta rule)`); `number` is set by `numbered`.
    """

    label: str
    head: Body
    members: tuple[Member, ...]
    rule: str = ""
    cites: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; cells are text or mathematics."""

    caption: str
    head: tuple[Part, ...]
    rows: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture drawn by each format from `content` (a network, or curves of training); `description` is its text alternative."""

    kind: Literal["network", "curves"]
    caption: str
    description: str
    content: object


@dataclass(frozen=True, slots=True)
class Listing:
    """A piece of Python that runs after the listings above it; a notebook runs it, the other formats show it."""

    code: str


@dataclass(frozen=True, slots=True)
class Solution:
    """Blocks that a format may fold away (`<details>`) under a summary: what is to be found."""

    summary: tuple[Part, ...]
    blocks: tuple[Block, ...]


Block: TypeAlias = "Heading | Paragraph | Display | Table | Figure | Listing | Solution"


@dataclass(frozen=True)
class Document:
    """A title, its blocks, the notation of every name in them, and the numbers of its equations by label."""

    title: str
    blocks: tuple[Block, ...]
    notation: Notation
    subtitle: str = ""
    numbers: dict[str, int] = field(default_factory=dict)

    @cached_property
    def anchors(self) -> dict[str, str]:
        """The anchor of each display by its label, the same in LaTeX and HTML; of equal ones the later are counted on."""
        labels: dict[str, str] = {}
        for label in self.numbers:
            plain = f"eq:{_anchored(label)}"
            counted = (f"{plain}-{place}" if place > 1 else plain for place in count(1))
            labels[next(each for each in counted if each not in labels)] = label
        return {label: anchor for anchor, label in labels.items()}

    def note(self, display: Display) -> str:
        """What stands beside a display: its rule's name and the numbers of what it uses."""
        cited = ", ".join(f"({self.numbers[label]})" for label in display.cites)
        return "; ".join(part for part in (display.rule, cited and f"with {cited}") if part)


def document(title: str, blocks: Sequence[Block], notation: Notation, subtitle: str = "") -> Document:
    """A document with its displays numbered in order of appearance, inside solutions too. Labels must differ."""
    labels = [block.label for block in all_blocks(blocks) if isinstance(block, Display)]
    assert len(labels) == len(set(labels)), "two displays share a label"
    numbers = {label: place for place, label in enumerate(labels, 1)}
    return Document(title, tuple(_numbered(block, numbers) for block in blocks), notation, subtitle, numbers)


def _numbered(block: Block, numbers: dict[str, int]) -> Block:
    if isinstance(block, Display):
        return replace(block, number=numbers[block.label])
    if isinstance(block, Solution):
        return replace(block, blocks=tuple(_numbered(inner, numbers) for inner in block.blocks))
    return block


def all_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block in order, a solution before its own blocks."""
    for block in blocks:
        yield block
        if isinstance(block, Solution):
            yield from all_blocks(block.blocks)


def _anchored(label: str) -> str:
    """ASCII letters and digits, in words with a hyphen between: `dE-dw5` for `dE_dw5`, `dE-by-dw5` for `dE/dw5`."""
    spelled = "".join(sign if sign.isascii() else f"u{ord(sign):x}" for sign in label.replace("/", " by "))
    return "-".join(re.findall(r"[A-Za-z0-9]+", spelled))
