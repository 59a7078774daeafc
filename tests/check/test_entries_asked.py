"""One entry of an array may be asked for, and named in an answer, in every spelling that a page of it has."""

import pytest

from symprop.check import check
from symprop.derive import Derivation, derive
from symprop.errors import UsageError
from symprop.spec import load

ANSWER = "X[1,1]*delta_1[1,2] + X[2,1]*delta_1[2,2] + X[3,1]*delta_1[3,2] + X[4,1]*delta_1[4,2]"
ASKED = ["Wh[1,2]", "dWh[1,2]", "dE/dWh[1,2]", "W_h[1,2]", "W_{h;1,2}", r"\frac{\partial E}{\partial W_{h;1,2}}"]


@pytest.fixture(scope="module")
def hidden_layer() -> Derivation:
    return derive(load("hidden_layer"))


@pytest.mark.parametrize("asked", ASKED)
def test_an_entry_is_asked_for(hidden_layer: Derivation, asked: str) -> None:
    assert check(hidden_layer, asked, ANSWER, as_="gradient").outcome == "correct"


def test_another_entry_is_another_gradient(hidden_layer: Derivation) -> None:
    assert check(hidden_layer, "dE/dWh[1,1]", ANSWER).outcome == "not correct"


@pytest.mark.parametrize("symbol", ["dE/dl1[1,2]", "dl1[1,2]"])
def test_an_answer_speaks_of_an_entry_of_a_gradient(hidden_layer: Derivation, symbol: str) -> None:
    assert check(hidden_layer, "delta_1[1,2]", f"({symbol})*l1[1,2]*(1 - l1[1,2])").outcome == "correct"


@pytest.mark.parametrize("asked", ["dE/dWh[4,1]", "Wh[1]", "dE/dX[1,1]"])
def test_an_entry_that_is_not_there_is_refused(hidden_layer: Derivation, asked: str) -> None:
    with pytest.raises(UsageError):
        check(hidden_layer, asked, ANSWER)
