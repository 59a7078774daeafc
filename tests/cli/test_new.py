"""`symprop new`: the spec it prints builds as it stands, from a file and from standard input."""

from collections.abc import Callable

import pytest

from symprop.spec import build, read_spec


@pytest.mark.parametrize("arguments", [("2-3-1",), ("2-3-1", "--activation", "tanh"), ("8-16-4", "--activation", "relu")])
def test_what_is_printed_builds(symprop: Callable, arguments: tuple[str, ...]) -> None:
    run = symprop("new", *arguments)
    assert run.code == 0
    assert run.out.startswith("#")
    assert build(read_spec(run.out, "new")).graph.names("parameter")


def test_an_unknown_activation_gets_a_suggestion(symprop: Callable) -> None:
    run = symprop("new", "2-3-1", "--activation", "tahn")
    assert (run.code, run.out) == (2, "")
    assert "did you mean 'tanh'?" in run.err


def test_sizes_that_are_none_are_refused(symprop: Callable) -> None:
    assert symprop("new", "2--1").code == 2
