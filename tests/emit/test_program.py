"""The program: what is computed in which order, for both kinds of update rules."""

from __future__ import annotations

import pytest

from symprop.derive import derive
from symprop.emit.loops import loop_of
from symprop.emit.program import Assignment, Program, needed, program_of, used_names
from symprop.errors import UnsupportedError
from symprop.language import Names, read
from symprop.notation.text import text
from symprop.spec import bundled, load, network


def program(net: str) -> Program:
    return program_of(derive(load(net)))


def lines(assignments: tuple[Assignment, ...]) -> list[str]:
    return [f"{line.name} = {text(line.term)}" for line in assignments]


def test_a_sequential_rule_recomputes_only_what_depends_on_a_new_parameter() -> None:
    rule = program("two_node").rules["document"]
    assert [line.name for line in rule.lines] == [
        "dE_dout", "dE_dw2", "w2", "dE_ds2", "delta_2", "dE_dw1", "w1", "dE_ds1", "delta_1", "dE_dw0", "w0",
    ]  # fmt: skip
    assert rule.sequential


def test_a_gradient_is_computed_again_after_its_parameter_changed() -> None:
    """Both weights share one unit, so each step makes the other's gradient stale."""
    made = network(
        id="shared",
        inputs={"x": 1},
        targets={"t": 2},
        parameters={"u": 0.5, "v": 0.25},
        equations={"p": "u*v", "q": "p*v*x", "E": "1/2*(q - t)**2"},
        training={"rate": "r", "learning_rate": 0.1},
        updates=[{"name": "document", "order": ["v", "u"], "sequential": True}],
    )
    rule = program_of(derive(made)).rules["document"]
    names = [line.name for line in rule.lines]
    stepped = names.index("v")
    assert names.count("dE_dp") == 2, "it uses v"
    assert names.count("dE_dq") == 1, "it does not"
    assert "dE_dp" in names[stepped:] and names[-1] == "u"


def test_a_simultaneous_rule_steps_after_all_gradients() -> None:
    rule = program("four_three_two").rules["document"]
    parameters = program("four_three_two").parameters
    kinds = ["step" if line.name in parameters else "gradient" for line in rule.lines]
    assert kinds == sorted(kinds)
    assert rule.defects == (("b2", "b1"),)
    assert "b1" not in dict(rule.steps)


@pytest.mark.parametrize("net", bundled())
def test_every_line_uses_only_what_stands_before_it(net: str) -> None:
    made = program(net)
    leaves = set(made.network.graph.names("input", "target", "parameter", "constant", "rate", "dimension"))
    for rule in made.distinct_rules:
        assert set(used_names((*made.forward, *made.losses, *made.metrics, *rule.lines))) <= leaves
    assert set(used_names(made.forward)).isdisjoint(made.network.graph.names("target"))
    assert set(made.gradients) == set(made.parameters)


def test_rules_with_the_same_effect_are_one() -> None:
    made = program("hidden_layer")
    assert made.rules["document"] is made.rules["simultaneous"]
    assert len(made.distinct_rules) == 1
    assert list(program("step_by_step").rules) == ["document", "simultaneous", "already_updated"]
    assert len(program("step_by_step").distinct_rules) == 2


def test_needed_drops_what_nobody_asks_for() -> None:
    names = Names.of("a", "b", "c", "d")
    assignments = tuple(Assignment(name, read(right, names)) for name, right in (("b", "2*a"), ("c", "a + 1"), ("d", "b*b")))
    assert lines(needed(assignments, ["d"])) == ["b = 2*a", "d = b*b"]


def test_a_batch_is_taken_sample_by_sample() -> None:
    made = program("hidden_layer")
    loop = loop_of(made, made.rules["document"], recorded=False)
    assert loop is not None
    assert loop.sample == ("X_1", "X_2", "X_3", "y_1")
    assert len(loop.sums) == 16
    assert len(loop.after) == 16
    assert not loop.before
    texts = lines(loop.inner)
    assert "z1_2 = X_1*Wh_1_2 + X_2*Wh_2_2 + X_3*Wh_3_2" in texts
    assert "dWo_3_1 = l1_3*delta_2_1" in texts


def test_a_mean_over_the_samples_is_a_sum_over_their_number() -> None:
    made = network(
        id="mean",
        inputs={"x": [1, 2, 3]},
        targets={"t": [0, 1, 0]},
        parameters={"w": 0.5, "b": 0.1},
        equations={"o": "sigmoid(w*x + b)", "E": "mean((o - t)**2)"},
        training={"learning_rate": 0.1},
    )
    loop = loop_of(program_of(derive(made)), program_of(derive(made)).rules["document"], recorded=False)
    assert loop is not None
    assert (loop.sample, loop.sums) == (("x", "t"), ("dE_dw", "dE_db"))


def test_what_needs_all_samples_at_once_has_no_loop() -> None:
    made = network(
        id="centred",
        inputs={"x": [1, 2, 3]},
        targets={"t": [0, 1, 0]},
        parameters={"w": 0.5},
        equations={"z": "w*x", "mu": "mean(z)", "o": "z - mu", "E": "sum((o - t)**2)"},
        training={"learning_rate": 0.1},
    )
    made_program = program_of(derive(made))
    assert loop_of(made_program, made_program.rules["document"], recorded=False) is None


@pytest.mark.parametrize("metric", [False, True])
def test_a_quantity_cannot_have_the_name_of_a_rows_number(metric: bool) -> None:
    weight = "w" if metric else "iteration"
    made = network(
        id="named",
        inputs={"x": 1},
        targets={"t": 2},
        parameters={weight: 0.5},
        equations={"p": f"{weight}*x", "E": "(p - t)**2"},
        metrics={"iteration": "p - t"} if metric else {},
        training={"learning_rate": 0.1},
    )
    with pytest.raises(UnsupportedError, match="call it 'iteration_1'"):
        program_of(derive(made))
