"""Evidence: the gradient by the formula and a central difference agree, for every entry of every bundled network."""

import pytest

from symprop.derive import derive
from symprop.errors import UnsupportedError
from symprop.spec import build, bundled, load, read_spec, starting_spec
from symprop.worked.differences import evidence


@pytest.mark.parametrize("net", [net for net in bundled() if net != "xor_class"])
def test_both_columns_agree(net: str) -> None:
    derivation = derive(load(net))
    for parameter in derivation.network.graph.names("parameter"):
        for entry in evidence(derivation, parameter):
            assert entry.difference == pytest.approx(entry.gradient, rel=1e-6, abs=1e-9)


def test_a_spec_without_data_says_so() -> None:
    derivation = derive(build(read_spec(starting_spec("40-16-4"), "new")))
    with pytest.raises(UnsupportedError, match="no numbers for X, Y"):
        list(evidence(derivation, "W1"))
