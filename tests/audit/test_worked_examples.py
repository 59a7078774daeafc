"""Networks of published worked examples: every number that they print comes out, from the generated module and the derivation."""

from pathlib import Path
from typing import Any

import pytest

from symprop.artefacts.modules import module_of
from symprop.audit import audit
from symprop.derive import derive
from symprop.emit import module
from symprop.spec import load

NETWORKS = sorted((Path(__file__).parent / "networks").glob("*.toml"))


def test_the_networks_are_there() -> None:
    assert len(NETWORKS) == 13


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_every_printed_number_comes_out(path: Path) -> None:
    derivation = derive(load(str(path)))
    generated = module_of(module(derivation))

    def train(parameters: Any, iterations: int, update: str) -> Any:
        return generated.train(parameters, iterations=iterations, update=update).parameters

    rows = audit(derivation, generated.initial_parameters(), train)
    assert rows
    assert {row.claim.quantity: row.computed for row in rows if not row.verdict.startswith("reproduces")} == {}
