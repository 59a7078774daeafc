"""`symprop list`: every bundled network, without loading any mathematics."""

import json
import subprocess
import sys
from collections.abc import Callable

# counted by hand in the documents; the biases of step_by_step are fixed
PARAMETERS = {"two_node": 3, "xor_class": 16, "four_three_two": 20, "step_by_step": 8, "single_layer": 3, "hidden_layer": 16}


def test_each_network_has_a_line(symprop: Callable) -> None:
    heading, *lines = symprop("list").out.splitlines()
    assert heading.split() == ["NET", "parameters", "title"]
    assert [line.split()[0] for line in lines] == list(PARAMETERS)


def test_json_counts_the_parameters(symprop: Callable) -> None:
    report = json.loads(symprop("list", "--json").out)
    assert report["schema"] == "symprop.list/1"
    assert {network["id"]: network["parameters"] for network in report["networks"]} == PARAMETERS


def test_sympy_is_not_loaded() -> None:
    code = "import sys; from symprop.cli.main import main; main(['list']); sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0
