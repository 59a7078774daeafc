"""No false accept, no false reject, and recall, on random networks: right answers rewritten, wrong ones made by mutating their
text.

The mutations know nothing of the catalogue; whether a mutation is wrong is settled by floats. The full run (1000 networks) is
started by SYMPROP_FULL=1.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from symprop.check.marker import Marker
from symprop.derive import derive
from symprop.notation import text as shown
from symprop.spec import network

from .generated import Generated, Tree, generate, mutations, rewritten, text, value

FULL = os.environ.get("SYMPROP_FULL") == "1"
NETWORKS = 1000 if FULL else 16
WEIGHTS, REWRITES, MUTATIONS = (4, 3, 24) if FULL else (2, 2, 8)
LEAST_RECALL = 0.95


def difference(right: Tree, wrong: Tree, made: Generated, draw: random.Random) -> float:
    """The largest relative difference at random points; 0 where a side cannot be computed."""
    largest = 0.0
    for _ in range(16):
        values = made.values(draw)
        try:
            one, other = value(right, values), value(wrong, values)
        except (ZeroDivisionError, OverflowError):
            continue
        largest = max(largest, abs(one - other) / (1e-9 + abs(one) + abs(other)))
    return largest


def mark_network(seed: int) -> Counter[str]:
    """Mark right and wrong answers to one network; the counts."""
    made, draw, counts = generate(seed), random.Random(seed), Counter[str]()
    marker = Marker(derive(network(**made.spec())))
    for weight in made.weights[:WEIGHTS]:
        right = made.gradient(weight)
        for _ in range(REWRITES):
            answer = rewritten(right, made, draw)
            assert difference(right, answer, made, draw) < 1e-6, "the test's own rewrite is not equal"
            assert marker.check(weight, text(answer)).outcome == "correct", (seed, weight, text(answer))
        found = mutations(right, made)
        for _, wrong in draw.sample(found, min(MUTATIONS, len(found))):
            if difference(right, wrong, made, draw) > 1e-6:
                verdict = marker.check(weight, text(wrong), as_="gradient")
                assert verdict.outcome == "not correct", (seed, weight, text(wrong))
                counts["wrong"] += 1
                counts["diagnosed"] += bool(verdict.diagnoses)
    return counts


def test_generated_networks() -> None:
    counts = sum((mark_network(seed) for seed in range(NETWORKS)), Counter[str]())
    assert counts["wrong"] > 6 * NETWORKS
    assert counts["diagnosed"] >= LEAST_RECALL * counts["wrong"], counts


def mark_catalogue(seed: int, most: int) -> Counter[str]:
    """Type the single mistakes of the catalogue as answers, at most so many of a network: none is correct; the counts."""
    made, draw, counts = generate(seed), random.Random(seed), Counter[str]()
    marker = Marker(derive(network(**made.spec())))
    weight = draw.choice(made.weights)
    search = marker.diagnoser.search(weight)
    for single in draw.sample(search.singles, min(most, len(search.singles))):
        verdict = marker.check(weight, shown(search.links.term(weight, single.slip.change)), as_="gradient")
        assert verdict.outcome != "correct", (seed, weight, single.slip)
        counts["catalogue"] += 1
        counts["named"] += bool(verdict.diagnoses)
    return counts


def test_every_catalogue_mistake_is_proved_wrong_and_explained() -> None:
    seeds, most = (range(NETWORKS), 40) if FULL else (range(4), 400)
    counts = sum((mark_catalogue(seed, most) for seed in seeds), Counter[str]())
    assert counts["named"] >= (0.99 if FULL else 1) * counts["catalogue"] > 0, counts


def test_the_test_answers_are_right() -> None:
    """The trees' own gradients agree with central differences of the loss."""
    for seed in range(8):
        made, draw = generate(seed), random.Random(seed)
        smooth = all(unit.activation != "relu" for unit in made.units)
        values = made.values(draw)
        for weight in made.weights if smooth else ():
            ends = [made.forward({**values, weight: values[weight] + step}) for step in (1e-6, -1e-6)]
            assert value(made.gradient(weight), values) == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-5, abs=1e-8)


def test_a_difference_at_one_point_in_eight_is_found() -> None:
    """The wrong factor step(zo1) is the right one, step(zg1), wherever w10 is positive."""
    made = generate(650)
    right = text(made.gradient("w3"))
    wrong = right.replace("step(zg1)", "step(zo1)")
    marker = Marker(derive(network(**made.spec())))
    assert wrong != right
    assert marker.check("w3", right).outcome == "correct"
    assert marker.check("w3", wrong, as_="gradient").outcome == "not correct"
