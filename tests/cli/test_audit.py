"""`symprop audit`: the table of claims, and the exit code of one that fails."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from symprop.spec import bundled


@pytest.mark.parametrize("net", bundled())
def test_every_document_is_reproduced_or_explained(symprop: Callable, net: str) -> None:
    run = symprop("audit", net)
    assert run.code == 0, run.out


def test_a_finding_is_printed_below_the_table(symprop: Callable) -> None:
    out = symprop("audit", "step_by_step").out
    assert re.search(r"^E_total +1 +document +0\.291027924 +0\.291027774 +explained$", out, re.MULTILINE)
    assert "already updated w5 to w8" in out


def test_json_has_a_record_for_each_claim(symprop: Callable) -> None:
    report = json.loads(symprop("audit", "single_layer", "--json").out)
    assert report["schema"] == "symprop.audit/1"
    assert {claim["verdict"] for claim in report["claims"]} == {"reproduces", "explained"}


def test_json_has_a_verdict_for_each_entry(symprop: Callable, tmp_path: Path) -> None:
    """Nested like what is printed; an entry may be claimed alone."""
    text = (Path(__file__).parents[2] / "symprop/spec/networks/single_layer.toml").read_text(encoding="utf-8")
    claims = '[[claims]]\nwhere = "a"\nprinted = { Wo = [[0.34], [0.60], [0.00]], "Wo[2,1]" = 0.59 }\n'
    (tmp_path / "own.toml").write_text(text.partition("[[claims]]")[0] + claims, encoding="utf-8")
    run = symprop("audit", str(tmp_path / "own.toml"), "--json")
    array, entry = json.loads(run.out)["claims"]
    assert (run.code, array["verdict"], array["verdicts"]) == (1, "fails", [["reproduces"], ["fails"], ["reproduces"]])
    assert (entry["quantity"], entry["verdict"], entry["verdicts"]) == ("Wo[2,1]", "reproduces", "reproduces")


def test_a_document_without_claims_says_so(symprop: Callable) -> None:
    run = symprop("audit", "two_node")
    assert (run.code, run.out) == (0, "two_node has no [[claims]]: nothing to audit\n")


def test_a_wrong_claim_fails(symprop: Callable, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "symprop/spec/networks/step_by_step.toml").read_text(encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(text.replace("0.298371109", "0.298371108"), encoding="utf-8")
    run = symprop("audit", str(tmp_path / "wrong.toml"))
    assert run.code == 1
    assert re.search(r"^E_total .* fails$", run.out, re.MULTILINE)
