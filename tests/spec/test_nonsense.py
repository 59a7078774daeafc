"""Whatever is wrong with a spec, the answer is an InputError: bundled specs with one entry replaced, removed or added."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symprop.spec
from symprop.errors import InputError
from symprop.spec import Spec, build, bundled, read_spec
from symprop.spec.build import TOP_KEYS

FOLDER = Path(symprop.spec.__file__).parent / "networks"
SPECS: dict[str, Any] = {net: tomllib.loads((FOLDER / f"{net}.toml").read_text(encoding="utf-8")) for net in bundled()}
WORDS = ["", "w1", "E", "x1", "out", "lambda", "exp", "{unit}", "{x}", "sigmoid", "unit", "document", "1/0", "w1*", "((", "a b"]
ATOMS = st.sampled_from([None, True, False, 0, -1, 1, 3, 10**400, 0.5, float("nan"), float("inf"), -1e308, *WORDS])
JUNK = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3), max_leaves=4
)
Place = tuple[Any, ...]


def places(node: Any, above: Place = ()) -> Iterator[Place]:
    """The path of every entry of nested tables and lists."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in pairs:
        yield (*above, key)
        yield from places(child, (*above, key))


def replaced(node: Any, place: Place, junk: Any) -> Any:
    """A copy of the tables with the entry at `place` replaced."""
    if not place:
        return junk
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[place[0]] = replaced(node[place[0]], place[1:], junk)
    return copy


def removed(node: Any, place: Place) -> Any:
    copy = dict(node) if isinstance(node, dict) else list(node)
    if len(place) == 1:
        del copy[place[0]]
    else:
        copy[place[0]] = removed(node[place[0]], place[1:])
    return copy


def builds_or_is_told(tables: Any) -> None:
    try:
        build(Spec(tables, "nonsense.toml"))
    except InputError as refusal:
        assert refusal.problems
        for problem in refusal.problems:
            assert problem.startswith("nonsense.toml: ") and "\n" not in problem and len(problem) < 600, problem


CASES = [(net, place) for net, tables in SPECS.items() for place in places(tables)]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(CASES), JUNK)
def test_one_entry_replaced_by_junk(case: tuple[str, Place], junk: Any) -> None:
    net, place = case
    builds_or_is_told(replaced(SPECS[net], place, junk))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CASES))
def test_one_entry_removed(case: tuple[str, Place]) -> None:
    net, place = case
    builds_or_is_told(removed(SPECS[net], place))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(bundled()), st.sampled_from(WORDS + ["layers", "network", "claims", "equations", "constants"]), JUNK)
def test_one_entry_added(net: str, key: str, junk: Any) -> None:
    builds_or_is_told({**SPECS[net], key: junk})


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(bundled()), st.integers(0, 10_000), st.sampled_from([*"\x00'\"[]=#\n", "", "9" * 50]))
def test_one_character_of_the_text_changed(net: str, at: int, wrong: str) -> None:
    text = (FOLDER / f"{net}.toml").read_text(encoding="utf-8")
    at %= len(text)
    try:
        build(read_spec(text[:at] + wrong + text[at + 1 :], "nonsense.toml"))
    except InputError as refusal:
        assert all("\n" not in problem for problem in refusal.problems)


@pytest.mark.parametrize("junk", [None, 3, "x", [], {"a": {}}, [[]]])
def test_every_table_may_be_junk(junk: Any) -> None:
    for key in TOP_KEYS:
        builds_or_is_told({**SPECS["step_by_step"], key: junk})
        builds_or_is_told({key: junk})
