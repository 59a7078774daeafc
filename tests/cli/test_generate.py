"""`symprop generate`: files that run, drift that is found, a repair that works, nothing half-written."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from symprop.emit.modules import TARGETS
from symprop.spec import bundled, starting_spec


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "out"


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_it_writes_where_it_says_and_the_module_runs_alone(symprop: Callable, out: Path) -> None:
    run = symprop("generate", "two_node", "-o", "out")
    assert run.code == 0
    assert sorted(run.out.split()) == sorted(f"out/{name}" for name in files(out))
    module = [sys.executable, "-I", out / "two_node/network.py"]
    assert b"iteration" in subprocess.run(module, capture_output=True, check=True).stdout


def test_the_help_names_every_target(symprop: Callable) -> None:
    assert set(TARGETS) <= set(re.findall(r"\w+", symprop("generate", "--help").out))


def test_a_second_run_finds_no_drift(symprop: Callable, out: Path) -> None:
    symprop("generate", "two_node", "-o", "out")
    run = symprop("generate", "two_node", "-o", "out", "--check")
    assert (run.code, run.out) == (0, "")


def test_drift_is_named_with_the_command_that_repairs_it(symprop: Callable, out: Path) -> None:
    symprop("generate", "two_node", "-o", "out")
    (out / "two_node/network.py").write_text("changed\n")
    (out / "two_node/left over.txt").touch()
    run = symprop("generate", "two_node", "-o", "out", "--check")
    assert run.code == 1
    assert run.out.splitlines() == [
        "extra: out/two_node/left over.txt",
        "changed: out/two_node/network.py",
        "repair with: symprop generate two_node -o out && rm 'out/two_node/left over.txt'",
    ]


def test_the_repair_repairs(symprop: Callable, out: Path) -> None:
    symprop("generate", "two_node", "-o", "out")
    (out / "two_node/network.py").unlink()
    (out / "two_node/extra").touch()
    repair = symprop("generate", "two_node", "-o", "out", "--check").out.splitlines()[-1].removeprefix("repair with: ")
    for command in repair.split(" && "):
        name, *rest = shlex.split(command)
        assert name in ("symprop", "rm")
        symprop(*rest) if name == "symprop" else Path(*rest).unlink()
    assert symprop("generate", "two_node", "-o", "out", "--check").code == 0


def test_a_diff_writes_nothing(symprop: Callable, out: Path) -> None:
    symprop("generate", "two_node", "-o", "out")
    place = out / "two_node/network.py"
    place.write_text(place.read_text(encoding="utf-8").replace("2.0", "2.5", 1), encoding="utf-8")
    before = files(out)
    run = symprop("generate", "two_node", "-o", "out", "--diff")
    assert run.code == 0
    assert any(line.startswith("-") and "2.5" in line for line in run.out.splitlines())
    assert symprop("generate", "two_node", "-o", "out", "--diff", "--check").code == 1
    assert files(out) == before


def test_the_committed_files_are_as_generated_and_what_belongs_to_none_is_found(symprop: Callable, out: Path) -> None:
    copied = Path(shutil.copytree(Path(__file__).parents[2] / "generated", "generated"))
    assert {name.split("/")[0] for name in files(copied)} == set(bundled())
    (copied / "old_network").mkdir()
    (copied / "old_network/network.py").touch()
    run = symprop("generate", "--all", "--check")
    extra = "generated/old_network/network.py"
    assert (run.code, run.out.splitlines()) == (1, [f"extra: {extra}", f"repair with: rm {extra}"])


def test_a_wrong_spec_among_right_ones_leaves_nothing_behind(symprop: Callable, out: Path) -> None:
    Path("bad.toml").write_text('id = "bad"\nloss = 1\n')
    run = symprop("generate", "two_node", "bad.toml", "-o", "out")
    assert (run.code, run.out) == (3, "")
    assert all(line.startswith("symprop: bad.toml") for line in run.err.splitlines())
    assert not out.exists()


def test_a_spec_of_ones_own(symprop: Callable, out: Path) -> None:
    Path("mine.toml").write_text(starting_spec("2-3-1", "tanh"))
    assert symprop("generate", "mine.toml", "-o", "out").code == 0
    assert "net_2-3-1/network.py" in files(out)


def test_two_networks_in_one_folder_are_refused(symprop: Callable, out: Path) -> None:
    run = symprop("generate", "two_node", "two_node", "-o", "out")
    assert (run.code, out.exists()) == (2, False)


@pytest.mark.parametrize("nets", [(), ("two_node", "--all")])
def test_networks_or_all_but_not_both(symprop: Callable, out: Path, nets: tuple[str, ...]) -> None:
    assert symprop("generate", *nets, "-o", "out").code == 2


def test_a_users_template_comes_first(symprop: Callable, out: Path) -> None:
    Path("mine").mkdir()
    Path("mine/network.py.jinja").write_text("# mine: {{ view.title }}\n")
    assert symprop("generate", "two_node", "-o", "out", "--templates", "mine").code == 0
    assert files(out)["two_node/network.py"] == b"# mine: Two nodes in a chain\n"


def test_a_diff_has_colours_on_a_terminal_unless_they_are_refused(terminal: Callable) -> None:
    assert "\x1b[32m" in terminal("generate", "two_node", "--diff")
    assert "\x1b" not in terminal("generate", "two_node", "--diff", NO_COLOR="1")


def test_the_tests_lie_beside_the_module_and_drift_with_it(symprop: Callable, out: Path) -> None:
    run = symprop("generate", "two_node", "--tests", "-o", "out")
    assert "out/two_node/test_network.py" in run.out.split()
    assert symprop("generate", "two_node", "--tests", "-o", "out", "--check").code == 0
    (out / "two_node/test_network.py").unlink()
    run = symprop("generate", "two_node", "--tests", "-o", "out", "--check")
    assert run.code == 1
    repair = "repair with: symprop generate two_node -o out --tests"
    assert run.out.splitlines() == ["missing: out/two_node/test_network.py", repair]
    assert "test_network.py" in symprop("generate", "two_node", "--tests", "-o", "out", "--diff").out


def test_a_style_of_ones_choice(symprop: Callable, tmp_path: Path) -> None:
    assert symprop("generate", "step_by_step", "--style", "matrix", "-o", str(tmp_path)).code == 0
    text = (tmp_path / "step_by_step" / "network.py").read_text(encoding="utf-8")
    assert "Z1 = X @ W1 + b1" in text
    run = symprop("generate", "step_by_step", "-o", str(tmp_path), "--check")
    assert run.code == 1
    run = symprop("generate", "step_by_step", "--style", "scalar", "-o", str(tmp_path), "--check")
    assert "--style scalar" in run.out
    run = symprop("generate", "two_node", "--style", "matrix", "-o", str(tmp_path))
    assert run.code == 3 and run.err.count("\n") == 1 and "only [[layers]] have two styles" in run.err


def test_a_spec_without_data_gives_a_module_alone(symprop: Callable, tmp_path: Path) -> None:
    (tmp_path / "wide.toml").write_text(symprop("new", "784-128-64-10").out, encoding="utf-8")
    run = symprop("generate", str(tmp_path / "wide.toml"), "-o", str(tmp_path / "out"))
    assert run.code == 0
    assert "no worksheet: net_784-128-64-10: it has 111,768 numbers, 100,352 of them in W1; a worked example has at most" in run.err
    assert [path.name for path in (tmp_path / "out" / "net_784-128-64-10").iterdir()] == ["network.py"]


def test_a_step_that_leaves_the_domain_of_a_function_costs_the_worksheet_alone(symprop: Callable, tmp_path: Path) -> None:
    spec = tmp_path / "far.toml"
    given, equations = "[inputs]\nx = 1\n[targets]\nt = -100\n[parameters]\nw = 0.5\n", 'z = "log(w*x)"\nE = "1/2*(z - t)**2"\n'
    spec.write_text(f"{given}[equations]\n{equations}[training]\nlearning_rate = 0.1\niterations = 4\n", encoding="utf-8")
    run = symprop("generate", str(spec), "-o", str(tmp_path / "out"))
    assert (run.code, run.err) == (0, "no worksheet: z_new: the value does not exist: the logarithm needs a positive number\n")
    assert [path.name for path in (tmp_path / "out" / "far").iterdir()] == ["network.py"]


def test_without_data_a_narrow_network_is_told_which_command_draws_numbers(symprop: Callable, tmp_path: Path) -> None:
    spec = symprop("new", "784-128-64-10").out.replace("784", "2").replace("128", "4").replace("64", "3")
    (tmp_path / "net.toml").write_text(spec, encoding="utf-8")
    run = symprop("generate", str(tmp_path / "net.toml"), "-o", str(tmp_path / "out"))
    assert "or let symprop worksheet ... --seed N draw them" in run.err


def test_networks_and_all_of_them_are_not_both(symprop: Callable) -> None:
    run = symprop("generate", "--all", "two_node")
    assert (run.code, run.err) == (2, "symprop: expected NET or --all, not both; got --all and two_node\n")
