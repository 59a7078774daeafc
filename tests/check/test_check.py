"""What `check` says about the documents' own answers, about other forms of them, and about wrong ones."""

from __future__ import annotations

from functools import cache

import pytest

from symprop.check import Verdict, check, check_table
from symprop.derive import Derivation, derive
from symprop.errors import TextError, UsageError
from symprop.notation import text
from symprop.spec import build, load, network, read_spec, starting_spec
from symprop.terms import Apply, names_in, substitute, subterms

RIGHT = "(out-target)*(w2*s2*(1-s2)*w1)*(s1*(1-s1)*s0)"
SPELLED_OUT = (
    "(w2/(1+exp(-w1/(1+exp(-w0*s0)))) - target)*w2*w1*s0*exp(-w1/(1+exp(-w0*s0)))/(1+exp(-w1/(1+exp(-w0*s0))))**2"
    "*exp(-w0*s0)/(1+exp(-w0*s0))**2"
)


@cache
def derivation(net: str) -> Derivation:
    return derive(load(net))


def marked(net: str, quantity: str, text: str, **options: object) -> Verdict:
    return check(derivation(net), quantity, text, **options)  # type: ignore[arg-type]


CORRECT = [
    ("two_node", "w0", f"w0 - alpha*{RIGHT}", "new-value"),
    ("two_node", "w0", RIGHT, "gradient"),
    ("two_node", "w0", f"-alpha*{RIGHT}", "step"),
    ("two_node", "w0", f"w0 = w0 - alpha*{RIGHT}", "new-value"),
    ("two_node", "w0", f"dE/dw0 = {RIGHT}", "gradient"),
    ("two_node", "w0", rf"\Delta w_0 = -\alpha {RIGHT.replace('*', ' ')}", "step"),
    ("two_node", "w0", SPELLED_OUT, "gradient"),
    ("two_node", "w0", "delta_1*s0", "gradient"),
    ("two_node", "s1", "delta_2*w1", "gradient"),
    ("two_node", "s1", "(1 + tanh(x1/2))/2", "value"),
    ("two_node", "delta_1", "delta_2*w1*s1*(1 - s1)", "gradient"),
    ("step_by_step", "w5", "(out_o1 - target_o1)*out_o1*(1-out_o1)*out_h1", "gradient"),
    ("step_by_step", "w1", "(delta_o1*w5 + delta_o2*w7)*out_h1*(1-out_h1)*i1", "gradient"),
    ("step_by_step", "w5", "w5 - eta*delta_o1*out_h1", "new-value"),
    ("hidden_layer", "Wo", "l1.T @ delta_2", "gradient"),
    ("hidden_layer", "Wo[1,1]", " + ".join(f"l1[{k},1]*delta_2[{k},1]" for k in (1, 2, 3, 4)), "gradient"),
    ("hidden_layer", "Wo", "Wo - eta*l1.T @ delta_2", "new-value"),
    ("hidden_layer", "Wh", "X.T @ (delta_2 @ Wo.T * l1*(1-l1))", "gradient"),
    ("hidden_layer", "Wo", "l1.T @ ((l2-y)/(4*cosh(z2/2)**2))", "gradient"),
    ("hidden_layer", "Wo", "l1.T @ ((l2-y)/(2+2*cosh(z2)))", "gradient"),
    ("hidden_layer", "l2_delta", "l2_error*l2*(1-l2)", "value"),
]  # fmt: skip


@pytest.mark.parametrize(("net", "quantity", "text", "form"), CORRECT)
def test_right_answers_in_every_form(net: str, quantity: str, text: str, form: str) -> None:
    verdict = marked(net, quantity, text)
    assert verdict.outcome == "correct", str(verdict)
    assert verdict.reading.form == form
    assert verdict.exit_code == 0 and verdict.credit == 1


def test_old_and_already_updated_weights_are_both_read_and_named() -> None:
    assert "old weights, and equally with w2 and w1 already updated" in marked("two_node", "w0", f"w0 - alpha*{RIGHT}").message
    explicit = RIGHT.replace("w2", "w2_new").replace("w1", "w1_new")
    assert marked("two_node", "w0", f"w0 - alpha*{explicit}").reading.weights == "with w2 and w1 already updated"
    assert marked("two_node", "w0", f"w0 - alpha*{explicit}", update="simultaneous").outcome == "not correct"
    # inside the activations a plain weight is the old one: spelled out, only the old reading is right
    only_old = marked("two_node", "w0", f"w0 - alpha*{SPELLED_OUT}")
    assert only_old.correct and "updated" not in only_old.message


def test_the_documents_numbers_may_stand_for_its_names() -> None:
    verdict = marked("two_node", "w0", "w0 - 0.1*(out-0.7)*(w2*s2*(1-s2)*w1)*(s1*(1-s1)*2)")
    assert verdict.correct and "0.7 for target" in verdict.message


def test_a_factor_whose_value_is_one_cannot_be_left_out() -> None:
    # w1 is 1 in the document: leaving it out is wrong all the same
    assert marked("two_node", "w0", RIGHT.replace("*w1", "").replace("target", "0.7")).outcome == "not correct"


WRONG = [
    (RIGHT.replace("*s0", ""), "input missing"),
    (RIGHT.replace("*s2*(1-s2)", ""), "slope missing"),
    (RIGHT.replace("s1*(1-s1)*", ""), "slope missing"),
    (RIGHT.replace("out-target", "target-out"), "error's sign"),
    (f"2*{RIGHT}", "factor 2"),
    (f"{RIGHT}/2", "factor 1/2"),
    (f"{RIGHT}*s1*(1-s1)", "slope twice"),
    (RIGHT.replace("(s1*(1-s1)", "(s1"), "part of the slope missing"),
    (RIGHT.replace("(s1*(1-s1)", "((1-s1)"), "part of the slope missing"),
    (RIGHT.replace("s2*(1-s2)", "x2*(1-x2)"), "slope of the net input"),
    (RIGHT.replace("s2*(1-s2)", "sigmoid(s2)*(1-sigmoid(s2))"), "activation applied twice"),
    (RIGHT.replace("s2*(1-s2)", "(1-s2**2)"), "slope of another activation"),
    (RIGHT.replace("(1-s2)", "(1+s2)"), "sign inside the slope"),
    (RIGHT.replace("(out-target)*", ""), "output differentiated"),
    (RIGHT.replace("(out-target)", "(out-target)**2"), "error squared"),
    (RIGHT.replace("(out-target)", "abs(out-target)"), "error's absolute value"),
    (RIGHT.replace("*w1)", ")"), "weight missing"),
    (RIGHT.replace("(w2*", "(w1*"), "wrong weight"),
    (RIGHT.replace("(w2*", "(w2_new*"), "already-updated weight"),
    (RIGHT.replace("*s0", "*w0"), "wrong quantity"),
    (f"w0 - {RIGHT}", "learning rate missing"),
    (f"w0 - alpha*alpha*{RIGHT}", "learning rate twice"),
    (f"w0 + alpha*{RIGHT}", "error's sign"),
    (f"2*{RIGHT.replace('*s2*(1-s2)', '')}", "factor 2 + slope missing"),
]


@pytest.mark.parametrize(("text", "mistake"), WRONG)
def test_wrong_answers_get_a_proved_diagnosis(text: str, mistake: str) -> None:
    verdict = marked("two_node", "w0", text)
    assert verdict.outcome == "not correct" and verdict.exit_code == 1
    assert mistake in [diagnosis.mistake for diagnosis in verdict.diagnoses], str(verdict)


def test_two_explanations_of_one_expression_are_both_named_the_likelier_first() -> None:
    verdict = marked("two_node", "w0", f"w0 - alpha*{RIGHT.replace('(s1*(1-s1)', '(s1')}")
    assert [each.mistake for each in verdict.diagnoses] == ["part of the slope missing", "slope of another activation"]
    assert "only a part of the slope" in verdict.diagnoses[0].sentence


def test_paths_and_units_are_named() -> None:
    missing = marked("step_by_step", "w1", "delta_o1*w5*out_h1*(1-out_h1)*i1")
    assert missing.diagnoses[0].sentence == "the path from out_h1 to net_o2 is missing"
    crossed = marked("step_by_step", "w1", "(delta_o1*w5 + delta_o2*w6)*out_h1*(1-out_h1)*i1")
    assert {"weights transposed", "wrong weight"} & {each.mistake for each in crossed.diagnoses}
    other = marked("step_by_step", "w1", "(delta_o1*w5 + delta_o2*w7)*out_h1*(1-out_h1)*i2")
    assert other.diagnoses[0].mistake == "wrong input"


def test_no_sentence_names_one_path_where_all_are_meant_nor_says_a_thing_twice() -> None:
    turned = marked("step_by_step", "w1", "-(delta_o1*w5 + delta_o2*w7)*out_h1*(1-out_h1)*i1")
    assert not any("the path from" in each.sentence for each in turned.diagnoses), str(turned)
    part = marked("step_by_step", "w1", "(delta_o1*w5 + delta_o2*w7)*out_h1*i1")
    assert sum("softplus" in each.sentence for each in part.diagnoses) == 1, str(part)


def test_pairs_are_told_in_a_tutors_words() -> None:
    rows = {
        "((target_o1-out_o1)*w5 + delta_o2*w7)*out_h1*(1-out_h1)*i1": ("turned around", "activation at out_o1 is missing"),
        "w1 + eta*(delta_o1*w5 + delta_o2*w7)*i1": ("added instead", "the slope of the activation at out_h1 is missing"),
        "delta_o1*w5*out_h1*(1-out_h1)*i2": ("the path from out_h1 to net_o2 is missing", "the input i2 stands"),
        "(delta_o1*w5_new + delta_o2*w7)*i1": ("already-updated", "slope of the activation at out_h1 is missing"),
    }
    for answer, fragments in rows.items():
        said = str(marked("step_by_step", "w1", answer))
        assert all(fragment in said for fragment in fragments) and "factor or term" not in said, said


def test_without_reveal_nothing_gives_the_solution_away() -> None:
    text = RIGHT.replace("*s2*(1-s2)", "")
    plain, revealed = marked("two_node", "w0", text), marked("two_node", "w0", text, reveal=True)
    assert not any(mark in str(plain) for mark in "*=") and not plain.counterexample
    assert revealed.counterexample and revealed.diagnoses[0].formula
    unexplained = marked("two_node", "w0", "out*w1**2*x1 + alpha", reveal=True)
    assert "quotient" in unexplained.counterexample and "difference" in unexplained.counterexample


def test_announced_conventions() -> None:
    assert not marked("two_node", "w0", f"2*{RIGHT}").correct
    verdict = marked("two_node", "w0", f"2*{RIGHT}", conventions=("half",))
    assert verdict.correct and "convention 'half'" in verdict.message
    assert not marked("two_node", "w0", f"2*{RIGHT}", conventions=("sign",)).correct


def test_the_documents_defect_is_wrong_and_called_so() -> None:
    defect = marked("four_three_two", "b2", "b2 - alpha*(delta_h1 + delta_h2 + delta_h3)")
    assert defect.outcome == "not correct" and defect.diagnoses[0].mistake == "the document's defect"
    assert marked("four_three_two", "b2", "b2 - alpha*(delta_o1 + delta_o2)").correct


def test_as_fixes_the_form() -> None:
    assert not marked("two_node", "w0", RIGHT, as_="new-value").correct
    assert marked("two_node", "w0", RIGHT, as_="gradient").correct
    with pytest.raises(UsageError, match="cannot be answered as 'step'"):
        marked("two_node", "s1", "w1", as_="step")


OTHER_FORMS = [
    ("two_node", "w2", "new-value", "(out - target)*s2", "the gradient is given where the new value is asked for"),
    ("two_node", "w2", "new-value", "-alpha*(out - target)*s2", "the step is given where the new value is asked for"),
    ("two_node", "w2", "new-value", "alpha*(out - target)*s2", "what is to be subtracted from the weight is given"),
    ("two_node", "w2", "step", "(out - target)*s2", "the gradient is given where the step is asked for"),
    ("two_node", "w2", "step", "w2 - alpha*(out - target)*s2", "the new value is given where the step is asked for"),
    ("two_node", "w2", "gradient", "w2 - alpha*(out - target)*s2", "the new value is given where the gradient is asked for"),
    ("hidden_layer", "Wo", "new-value", "l1.T @ l2_delta", "the step is given where the new value is asked for"),
]


@pytest.mark.parametrize(("net", "quantity", "form", "text", "sentence"), OTHER_FORMS)
def test_the_right_answer_in_another_form_is_told_so(net: str, quantity: str, form: str, text: str, sentence: str) -> None:
    verdict = marked(net, quantity, text, as_=form)
    assert verdict.outcome == "not correct"
    assert [each.sentence.startswith(sentence) for each in verdict.diagnoses] == [True]


REFUSED = [
    ("w0", "w1 = 3*w0", "left side is 'w1'"),
    ("w0", "dE_dw0", "which is what is asked for"),
    ("w0", "w0 - alpha*dE_dw0", "which is what is asked for"),
    ("s1", "s1 = s1", "which is what is asked for"),
    ("w9", "1", "no quantity 'w9'"),
    ("s0", "1", "given, not computed"),
    ("w0", "9**9**9", "exponent"),
    ("w0", "1e9999999", "exponent"),
    ("w0", "__import__('os')", "does not belong"),
    ("w0", "w0.__class__", "does not belong"),
    ("w0", "(" * 10_000, "more than"),
    ("w0", "alpah*w0", "did you mean 'alpha'"),
    ("w0", "", "empty"),
]


@pytest.mark.parametrize(("quantity", "text", "message"), REFUSED)
def test_malformed_answers_get_one_clear_line(quantity: str, text: str, message: str) -> None:
    with pytest.raises((TextError, UsageError)) as caught:
        marked("two_node", quantity, text)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_shapes_are_checked() -> None:
    with pytest.raises(UsageError, match="@ is the matrix product"):
        marked("hidden_layer", "Wo", "l1.T * l2_error")
    with pytest.raises(UsageError, match=r"shape \(4, 3\), expected \(3, 4\)"):
        marked("hidden_layer", "Wh", "delta_1.T @ (2*X)")
    assert "shape (4, 3), expected (3, 4)" in marked("hidden_layer", "Wh", "delta_1.T @ X").message
    with pytest.raises(UsageError, match="no entry with index 5"):
        marked("hidden_layer", "Wo[5,1]", "1")


def test_values_beyond_computing_are_undecided_and_cost_nothing() -> None:
    verdict = marked("two_node", "w0", "exp(exp(exp(exp(exp(99)))))")
    assert verdict.outcome == "undecided" and verdict.exit_code == 5 and verdict.reason


@pytest.mark.parametrize(
    ("quantity", "number", "outcome"),
    [
        ("net_h1", "0.3775", "correct"),
        ("out_h1", "0.593269992", "correct"),
        ("dE_dw5", "0.082167041", "correct"),
        ("dE_dw5", "0.0822", "correct"),
        ("dE_dw5", "0.0862", "not correct"),
        ("dE_dw5", "-0.0822", "not correct"),
        ("w5", "0.35891648", "correct"),
        ("w5", "0.35891658", "not correct"),
        ("w1", "0.149780716", "correct"),
        ("E_total", "0.298371109", "correct"),
        ("E_total", "0.298371209", "not correct"),
    ],
)
def test_numbers_are_judged_by_their_digits(quantity: str, number: str, outcome: str) -> None:
    assert marked("step_by_step", quantity, number).outcome == outcome


def test_numbers_of_drawn_weights_are_those_of_the_documents_seed() -> None:
    # net input of the first unit: rows of X times NumPy's own draw after np.random.seed, as the document writes it
    import numpy as np

    net = derivation("hidden_layer").network
    drawn = np.random.RandomState(net.training.seed).random_sample((3, 4)) * np.sqrt(2 / 3)
    value = float((np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]) @ drawn)[1, 2])
    assert marked("hidden_layer", "z1[2,3]", f"{value:.5f}").correct
    assert not marked("hidden_layer", "z1[2,3]", f"{value + 0.001:.5f}").correct


def test_a_table_names_the_first_wrong_step_and_gives_credit_for_what_follows() -> None:
    numbers = {"out_o1": "0.7569", "net_h1": "0.3775", "out_h1": "0.6592", "net_o1": "1.1359"}
    table = check_table(derivation("step_by_step"), numbers)
    assert table.first_wrong == "out_h1"
    by_name = {step.verdict.quantity: step for step in table.steps}
    assert by_name["net_h1"].verdict.correct and not by_name["out_h1"].follows
    assert by_name["net_o1"].follows is (abs(0.4 * 0.6592 + 0.45 * 0.596884378 + 0.6 - 1.1359) < 1e-4)
    assert by_name["out_o1"].follows is (abs(1 / (1 + 2.718281828459045**-1.1359) - 0.7569) < 1e-4)


def test_a_right_table_earns_everything() -> None:
    right = check_table(derivation("step_by_step"), {"net_h1": "0.3775", "out_h1": "0.5933", "dE_dw5": "0.0822", "w5": "0.3589"})
    assert right.correct and right.credit == 1 and not right.first_wrong


@pytest.mark.parametrize(
    ("quantity", "number", "said"),
    [("out_o1", "0.7514", "the value of out_o1"), ("out_o1", "0.7414", "the gradient of out_o1"), ("w5", "0.359", "the new value")],
)
def test_a_right_number_names_the_form_that_it_is_nearest_to(quantity: str, number: str, said: str) -> None:
    verdict = marked("step_by_step", quantity, number)
    assert verdict.correct and said in verdict.message and f"{len(number) - 2} significant digits" in verdict.message


def test_a_number_of_too_few_digits_is_not_right_unless_it_is_exact() -> None:
    short = marked("step_by_step", "w5", "0.4")
    assert not short.correct and short.diagnoses[0].mistake == "too few digits" and "at least 2" in short.message
    assert check(derivation("step_by_step"), "out_h1", "0.6", digits=1).correct
    assert not check(derivation("step_by_step"), "w5", "0.4", digits=1).correct, "0.4 is the old weight"
    assert not check(derivation("step_by_step"), "w5", "0.36", digits=3).correct
    half = derive(network(id="n", title="", inputs={"x": 2}, parameters={"w": 0.25}, equations={"y": "w*x", "E": "y"},
                          training={"learning_rate": 1, "iterations": 1}))  # fmt: skip
    assert check(half, "y", "0.5", digits=4).correct


def test_a_learning_rate_of_1_may_be_left_out_of_new_values_alone() -> None:
    new = marked("hidden_layer", "Wo", "Wo - l1.T @ delta_2")
    assert new.correct and "learning rate, 1" in new.message
    assert not marked("hidden_layer", "Wo", "-(l1.T @ delta_2)").correct, "a gradient with the wrong sign is no step"
    assert marked("hidden_layer", "Wo", "-(l1.T @ delta_2)", as_="step").correct
    assert not marked("two_node", "w2", "w2 - (out - target)*s2").correct


def test_an_announced_sign_counts_as_right() -> None:
    assert not marked("two_node", "w2", "-(out - target)*s2", as_="gradient").correct
    announced = marked("two_node", "w2", "-(out - target)*s2", as_="gradient", conventions=("sign",))
    assert announced.correct and "announced convention 'sign'" in announced.message


@pytest.mark.parametrize(
    ("name", "quantity", "answer"),
    [
        ("two_node", "w2", "s0/(s0 - s0)"),
        ("two_node", "w2", "(out - target)*s2/(sigmoid(x2) - s2)"),
        ("two_node", "w2", "s2*(out - target) + 0/(s1 - s1)"),
        ("two_node", "w2", "log(s0 - s0)"),
        ("hidden_layer", "Wo", "l1.T @ delta_2/(eta - eta)"),
    ],
)
def test_an_answer_that_is_defined_nowhere_is_wrong_and_called_so(name: str, quantity: str, answer: str) -> None:
    verdict = marked(name, quantity, answer)
    assert verdict.outcome == "not correct" and "defined nowhere" in verdict.message
    assert [each.mistake for each in verdict.diagnoses] == ["defined nowhere"]


@pytest.mark.parametrize("answer", ["log(-1)*s2", "log(0) + s2", "sqrt(-2)*s2"])
def test_the_logarithm_or_root_of_a_written_negative_number_is_refused(answer: str) -> None:
    with pytest.raises(UsageError, match="is not defined"):
        marked("two_node", "w2", answer)


def test_an_answer_of_143_function_calls_is_explained() -> None:
    """dE/dw1 of four layers in the weights alone, with a factor 2: what a computer algebra system writes is diagnosed as well."""
    deep = derive(build(read_spec(starting_spec("1-3-3-1"), "test")))
    term = deep.gradient("w1").term
    definitions = deep.network.graph.definitions
    while hidden := {name: definitions[name] for name in names_in(term) if name in definitions}:
        term = substitute(term, hidden)
    assert sum(isinstance(part, Apply) for part in subterms(term)) == 143
    verdict = check(deep, "w1", f"2*({text(term)})", as_="gradient")
    assert "factor 2" in [each.mistake for each in verdict.diagnoses]


@pytest.mark.parametrize("answer", ["delta_1*sqrt(s0)**2", "delta_1*s0*2**(1/2)*2**(1/2)/2", "-delta_1*sqrt(-s0)**2"])
def test_what_is_equal_where_both_sides_are_defined_is_right(answer: str) -> None:
    """A fingerprint may lie where a root is not defined: the proof decides, and no reason is made of its certificate."""
    assert marked("two_node", "w0", answer).correct
    assert not marked("two_node", "w0", f"2*{answer}").correct


def test_an_undecided_answer_is_said_to_be_read_as_what_it_looks_like() -> None:
    verdict = marked("two_node", "w2", "w2 - alpha*(out-target)*exp(log(-s2))")
    assert verdict.outcome == "undecided" and "read as the new value of w2" in verdict.message


@pytest.mark.parametrize("answer", [0.3, None, b"0.30"])
def test_what_is_no_text_is_refused_by_its_kind(answer: object) -> None:
    with pytest.raises(UsageError, match=f"w0: expected the answer as text, got {type(answer).__name__}"):
        check(derivation("two_node"), "w0", answer)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="judged by its digits as written"):
        check_table(derivation("two_node"), {"x1": answer})  # type: ignore[dict-item]
    with pytest.raises(UsageError, match="name of a quantity as text, got 3"):
        check(derivation("two_node"), 3, "x1")  # type: ignore[arg-type]
