"""`symprop list`: the bundled networks.

Input: the specs that ship with the package. Output: a table or JSON.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from symprop.cli.output import print_json, print_table

if TYPE_CHECKING:
    from symprop.graph import Network


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema symprop.list/1).")
def list_networks(as_json: bool) -> None:
    """List the bundled networks; each id can stand for NET in every command."""
    from symprop.spec import bundled, load

    records = [_record(load(name)) for name in bundled()]
    if as_json:
        print_json("symprop.list/1", {"networks": records})
    else:
        print_table(("NET", "parameters", "title"), [(str(r["id"]), str(r["parameters"]), str(r["title"])) for r in records])


def _record(network: Network) -> dict[str, object]:
    graph = network.graph
    parameters = sum(math.prod(size for size in graph.shape(name) if isinstance(size, int)) for name in graph.names("parameter"))
    return {"id": network.id, "title": network.title, "parameters": parameters, "source": network.source}
