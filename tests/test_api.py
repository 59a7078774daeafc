"""The public names of the package: each leads where it says, in any order, and nothing else does."""

import subprocess
import sys

import pytest

import symprop


@pytest.mark.parametrize("name", symprop.__all__)
def test_every_public_name_exists(name: str) -> None:
    assert getattr(symprop, name).__name__.split(".")[-1] == name
    assert name in dir(symprop)


def test_a_name_is_listed_once() -> None:
    assert symprop.check and symprop.spec  # loaded: names of the module now
    assert len(dir(symprop)) == len(set(dir(symprop)))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'derivate'"):
        symprop.derivate  # noqa: B018  the access is what is tested


@pytest.mark.parametrize("first", ["symprop.derive", "symprop.check", "symprop.load", "symprop.Derivation"])
def test_the_order_of_first_use_does_not_matter(first: str) -> None:
    code = (
        f"import symprop; {first}; derivation = symprop.derive.derive(symprop.load('two_node')); "
        "print(derivation.gradient('w2'), symprop.check.check(derivation, 'w2', '(out - target)*s2').correct)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "dE_dw2 = (out - target)*s2 True\n"
