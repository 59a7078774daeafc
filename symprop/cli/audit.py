"""`symprop audit`: every number that a document prints, held against the network.

Input: a network with claims. Output: a table of claims with verdicts; exit code 1 where a claim fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from symprop.cli.networks import completions, derivation_of
from symprop.cli.output import print_json, print_table
from symprop.terms.typography import entry_text
from symprop.words import counted

if TYPE_CHECKING:
    from symprop.audit import Audited
    from symprop.derive import Derivation
    from symprop.graph import Printed

FEW = 2


@click.command()
@click.argument("net", shell_complete=completions)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema symprop.audit/1).")
def audit(net: str, as_json: bool) -> int:
    """Recompute every number that the document of NET prints: reproduced, or why not."""
    derivation = derivation_of(net)
    rows = _audited(derivation)
    if as_json:
        print_json("symprop.audit/1", {"network": derivation.network.id, "claims": [_record(row) for row in rows]})
    elif rows:
        _print(rows)
    else:
        click.echo(f"{derivation.network.id} has no [[claims]]: nothing to audit")
    return 0 if all(row.holds for row in rows) else 1


def _audited(derivation: Derivation) -> Sequence[Audited]:
    from symprop.artefacts.modules import module_of
    from symprop.audit import audit as audited
    from symprop.emit import module

    if not derivation.network.claims:
        return ()
    generated = module_of(module(derivation))

    def train(parameters: Any, iterations: int, update: str) -> Any:
        return generated.train(parameters, iterations=iterations, update=update, record_every=iterations).parameters

    return audited(derivation, generated.initial_parameters(), train)


def _print(rows: Sequence[Audited]) -> None:
    print_table(("claim", "after", "update", "printed", "computed", "verdict"), (line for row in rows for line in _lines(row)))
    groups: dict[str, list[Audited]] = {}
    for row in rows:
        if row.reason:
            groups.setdefault(f"{row.verdict}: {row.reason}", []).append(row)
    for reason, group in groups.items():
        click.echo(f"\n{_places(group)}\n  {reason}")
    verdicts = [row.verdict for row in rows]
    counts = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in dict.fromkeys(verdicts))
    click.echo(f"\n{counted(len(rows), 'claim')}: {counts}")


def _places(rows: Sequence[Audited]) -> str:
    """`out_o1, out_o2 (the outputs after 10,000 rounds)`; many places in the document are only counted."""
    names = ", ".join(dict.fromkeys(row.claim.quantity for row in rows))
    places = list(dict.fromkeys(row.claim.where for row in rows))
    return f"{names} ({'; '.join(places) if len(places) <= FEW else f'{len(places)} places'})"


def _lines(row: Audited) -> Iterator[tuple[str, ...]]:
    """One line for each printed number; the entries of an array with their indices, from 1."""
    claim = row.claim
    for name, printed, computed, verdict in _entries(claim.quantity, (), claim.printed, row.computed, row.verdicts):
        yield name, str(claim.iterations), claim.update if claim.iterations else "", printed, computed, verdict


def _entries(name: str, place: tuple[int, ...], *nested: Printed) -> Iterator[tuple[str, ...]]:
    """What is nested alike, entry by entry, behind the entry's name."""
    if all(isinstance(part, str) for part in nested):
        yield entry_text(name, place), *map(str, nested)
        return
    for index, parts in enumerate(zip(*nested, strict=True)):
        yield from _entries(name, (*place, index), *parts)


def _record(row: Audited) -> dict[str, object]:
    claim = row.claim
    return {
        "quantity": claim.quantity,
        "where": claim.where,
        "iterations": claim.iterations,
        "update": claim.update,
        "printed": claim.printed,
        "computed": row.computed,
        "verdict": row.verdict,
        "verdicts": row.verdicts,
        "reason": row.reason,
    }
