"""Code put beside the derivation: each piece at the end of the section that it computes.

Input: a Document and Python by the anchor of a section. Output: a Document with `Listing`s, under the same equation numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile

from symprop.render.document import Block, Document, Figure, Heading, Listing


def with_listings(document: Document, code: Mapping[str, str]) -> Document:
    """Each listing after its section's derivation and before its curves, which it computes.

    The listing of a section that the document lacks joins the one before it, so that the code runs from top to bottom.
    """
    anchors = [block.anchor for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    merged: dict[str, list[str]] = {}
    for anchor, text in code.items():
        merged.setdefault(anchor if anchor in anchors or not merged else list(merged)[-1], []).append(text)
    listings = {anchor: Listing("\n\n\n".join(texts)) for anchor, texts in merged.items()}
    return replace(document, blocks=tuple(_with(document.blocks, listings)))


def _with(blocks: tuple[Block, ...], listings: Mapping[str, Listing]) -> Iterator[Block]:
    starts = [place for place, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1]
    yield from blocks[: starts[0]]
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        section = blocks[start:end]
        head = section[0]
        text = tuple(takewhile(lambda block: not _is_curves(block), section))
        yield from text
        if isinstance(head, Heading) and head.anchor in listings:
            yield listings[head.anchor]
        yield from section[len(text) :]


def _is_curves(block: Block) -> bool:
    return isinstance(block, Figure) and block.kind == "curves"
