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


FROM_ZERO = "X[0,0]*delta_1[0,1] + X[1,0]*delta_1[1,1] + X[2,0]*delta_1[2,1] + X[3,0]*delta_1[3,1]"  # row 0, column 1
NEXT_ROW = "X[0,1]*delta_1[0,2] + X[1,1]*delta_1[1,2] + X[2,1]*delta_1[2,2] + X[3,1]*delta_1[3,2]"  # row 1, column 2


@pytest.mark.parametrize(
    ("asked", "answer", "said"),
    [
        ("Wh[0,1]", FROM_ZERO, "the gradient of Wh[0,1], indices counted from 0"),
        ("dE/dWh[0,1]", FROM_ZERO, "the gradient of Wh[0,1], indices counted from 0"),
        ("Wh[0,1]", f"Wh[0,1] = Wh[0,1] - eta*({FROM_ZERO})", "the new value of Wh[0,1], indices counted from 0"),
        ("Wh[0,1]", ANSWER, "the answer's indices counted from 1"),
        ("Wh[1,2]", FROM_ZERO, "the answer's indices counted from 0"),
        ("Wh[1,2]", NEXT_ROW, "the gradient of Wh[1,2], indices counted from 0"),
        ("l1_delta[0,1]", "l1_error[0,1]*l1[0,1]*(1 - l1[0,1])", "counted from 0"),
        ("dE/dWh[1,2]", ANSWER, "the gradient of Wh[1,2]"),
    ],
)
def test_indices_may_be_counted_from_0_as_the_documents_code_does(
    hidden_layer: Derivation, asked: str, answer: str, said: str
) -> None:
    verdict = check(hidden_layer, asked, answer)
    assert verdict.outcome == "correct" and said in verdict.message, str(verdict)


def test_a_wrong_answer_that_counts_from_0_is_told_how_the_sentence_counts(hidden_layer: Derivation) -> None:
    verdict = check(hidden_layer, "Wh[0,1]", FROM_ZERO.replace("X[0,0]", "X[0,1]"))
    assert verdict.outcome == "not correct" and "X[1,2]" in str(verdict) and "what is said here from 1" in verdict.message


@pytest.mark.parametrize(("asked", "answer"), [("Wh[1,2]", "X[5,1]"), ("l1[5,1]", "X[1,1]"), ("Wh[0,1]", "X[4,0]*delta_1[0,0]")])
def test_a_row_that_the_data_do_not_have_is_refused(hidden_layer: Derivation, asked: str, answer: str) -> None:
    with pytest.raises(UsageError, match="4 rows here"):
        check(hidden_layer, asked, answer)
