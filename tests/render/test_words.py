"""The sentences and rules of a worksheet: what is said of the loss, of a slope, and that nothing is said twice."""

from dataclasses import replace

import pytest

from symprop.derive import derive
from symprop.notation.breaking import DisplayRow
from symprop.notation.latex import latex_rows
from symprop.render.curves import Curves, Series
from symprop.render.document import Display, Document, Figure, Paragraph, Table
from symprop.render.exercise import exercise
from symprop.render.rows import display_rows
from symprop.render.worksheet import worksheet
from symprop.render.worksheet.step import moved
from symprop.render.worksheet.training import training_blocks
from symprop.render.writers.plain import body_text, inline, plain
from symprop.spec import build, load, read_spec, starting_spec
from symprop.terms import number
from symprop.worked.digits import Digits
from symprop.worked.lines import Mode

SLOPES = """
id = "slopes"

[inputs]
x = 0.5

[targets]
t = 0.3

[parameters]
w = 0.8
b = 0.1

[equations]
z = "w*x + b"
y = "sigmoid(z)"
e = "t - y"
E = "1/2*e**2 - b"

[training]
rate = "eta"
learning_rate = 0.1
"""


LAYER = """
id = "layer"

[inputs]
X = [[0.5, -1.2, 0.1], [1.5, 0.3, -0.4]]

[targets]
y = [[1, 0, 0], [0, 0, 1]]

[parameters]
W = [[0.2, -0.4, 0.1], [0.7, 0.3, -0.6], [0.1, 0.2, 0.3]]
V = [[0.3, -0.2, 0.5], [-0.1, 0.4, 0.2], [0.6, -0.5, 0.1]]

[equations]
Z = "X @ W"
A = "tanh(Z)"
B = "A @ V"
E = "1/2*sum((B - y)**2)"

[training]
rate = "eta"
learning_rate = 0.1
"""


@pytest.fixture(scope="module")
def slopes() -> Document:
    return worksheet(derive(build(read_spec(SLOPES, "slopes"))))


def display(document: Document, label: str) -> Display:
    return next(block for block in document.blocks if isinstance(block, Display) and block.label == label)


def line(document: Document, label: str) -> list[str]:
    return [body_text(member.body) for member in display(document, label).members]


def test_a_slope_of_minus_one_is_called_so(slopes: Document) -> None:
    assert display(slopes, "dE_dy").rule == "slope -1"
    assert line(slopes, "dE_dy")[:2] == ["(dE/de)*(de/dy)", "-dE_de"]


def test_an_exercise_names_the_rules_as_the_worksheet_does(slopes: Document) -> None:
    """It called a slope of 1 or -1, and a sum over the examples, the identity."""
    exercised = exercise(derive(build(read_spec(SLOPES, "slopes"))), form="delta")
    assert display(exercised, "dE_dy").rule == "slope -1"
    biased = LAYER.replace("X @ W", "X @ W + b").replace("[parameters]", "[parameters]\nb = [0.1, 0.2, 0.3]")
    made = derive(build(read_spec(biased, "biased")))
    assert display(exercise(made), "db").rule == display(worksheet(made), "db").rule == "sum over the examples"


def test_a_single_path_says_the_factor_whose_slope_is_one() -> None:
    """The bias of a net input: its own factor was left out, as if dE/db were dE/dnet by the chain alone."""
    document = worksheet(derive(load("two_node")))
    assert line(document, "delta_2")[0] == "dE/dx2"
    made = worksheet(derive(build(read_spec(SLOPES.replace("**2 - b", "**2"), "slopes"))))
    assert line(made, "dE_db")[:2] == ["(dE/dz)*(dz/db)", "delta_z"]
    assert display(made, "dE_db").rule == "slope 1"


@pytest.mark.parametrize(("weight", "lines"), [("0.8", 3), ("-0.8", 4)])
def test_a_number_with_its_sign_turned_is_written_once(weight: str, lines: int) -> None:
    """= -4.4 = -4.4 says nothing; = -(-4.4) = 4.4 does."""
    spec = f'[parameters]\na = {weight}\n[equations]\nu = "a"\nv = "-u"\nE = "v**2"\n[training]\nrate = "r"\nlearning_rate = 0.1\n'
    assert len(line(worksheet(derive(build(read_spec(f'id = "a"\n{spec}', "a")))), "v")) == lines - 1


def told(first: float, last: float) -> str:
    curves = Curves("document", (1, 9), Series("E", ((first, last),)))
    network = load("two_node")
    notation = worksheet(derive(network)).notation
    paragraph = next(block for block in training_blocks(curves, network.training) if isinstance(block, Paragraph))
    words = inline(paragraph.parts, Document("", (), notation))
    return words.partition("the loss E ")[2]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (1.298, 0.00507, "falls from 1.30 to 0.00507."),
        (0.00054, 1e-9, "falls from 0.000540 to 1.00e-9."),
        (0.69314, 0.69312, "stays at 0.693, to the digits shown."),
        (0.5, 1.5, "rises from 0.500 to 1.50."),
        (0.0565, 1e-31, "falls from 0.0565 to less than 6e-14."),
        (-1.0, -5.0, "falls from -1.00 to -5.00."),
        (0.0, 0.0, "stays at 0, to the digits shown."),
    ],
)
def test_what_a_training_has_done_to_the_loss(first: float, last: float, words: str) -> None:
    assert told(first, last) == words


def test_a_loss_that_does_not_move_is_not_said_to_go_from_a_to_a() -> None:
    assert moved(number("0.250"), number("0.250")) == (" stays at ", number("0.250"), ", to the digits shown")


def test_matrices_take_the_whole_width_rather_than_more_rows_or_torn_brackets() -> None:
    """Beside its note the step broke as W - 0.1 / times the gradient, and tanh's slope as (1 / - A^2)."""
    document = worksheet(derive(build(read_spec(LAYER, "layer"))))
    rows = {label: [latex_rows([row]) for row in rows_of(document, label)] for label in ("W_new", "delta_Z")}
    assert not any(row.startswith(r"&\quad {} \cdot") for row in rows["W_new"])
    assert not any(row.endswith(r"1 \right.") for row in rows["delta_Z"])
    assert rows["delta_Z"][2].startswith(r"&\quad {} \odot \left( 1 - \begin{bmatrix}")


MEANS = """[inputs]
x = [1, 2]
[targets]
t = [0, 1]
[parameters]
w1 = 0.5
[network]
loss = "{}"
[[layers]]
size = 1
activation = "identity"
bias = "none"
[training]
learning_rate = 0.1
iterations = 1
"""


FILLED = """[inputs]
X = [[1], [2]]
[targets]
T = [[0], [1]]
[parameters]
W = [[0.5]]
[equations]
Y = "X @ W"
E = "sum(Y - T)"
[training]
learning_rate = 0.1
iterations = 1
"""


def test_a_slope_of_1_that_fills_an_array_is_written_once() -> None:
    """It stood there as 1 = 1 = [1 1]."""
    made = derive(build(read_spec(FILLED, "filled")))
    slope = display(worksheet(made), "dY")
    assert [member.kind for member in slope.members] == ["formula", "value"]


@pytest.mark.parametrize(("loss", "divides"), [("mean_squared", True), ("sum_of_squares", False)])
def test_the_number_of_samples_is_told_where_a_slope_divides_by_it(loss: str, divides: bool) -> None:
    made = derive(build(read_spec(MEANS.format(loss), "means")))
    assert ("The number of samples is m = 2. " in plain(worksheet(made))) == divides
    assert ("Here m is the number of samples." in plain(exercise(made))) == divides


def test_a_table_that_needs_two_is_shared_out() -> None:
    """Its last column stood alone."""
    page = worksheet(derive(build(read_spec(starting_spec("3-3", loss="softmax_cross_entropy"), "classes"))))
    weights = [len(block.head) for block in page.blocks if isinstance(block, Table) and block.caption.startswith("Weights")]
    assert weights == [7, 5]


def test_what_is_agreed_at_a_kink_is_told_with_the_pages_decimal_sign() -> None:
    made = derive(build(read_spec(starting_spec("1-1", "leaky_relu"), "leaky")))
    assert "The slope of leaky_relu at 0 is taken as 0,01." in plain(worksheet(made, decimal_comma=True))
    assert "The slope of leaky_relu at 0 is taken as 0.01." in plain(worksheet(made))


def test_logsumexp_is_explained() -> None:
    page = plain(worksheet(derive(build(read_spec(starting_spec("1-2", loss="softmax_cross_entropy"), "classes")))))
    assert "Here logsumexp(z, y) is the logarithm of exp(z) + exp(y), and likewise for more numbers." in page


@pytest.mark.parametrize(
    ("iterations", "batch_size", "captions"),
    [
        ((1, 2, 3), None, ("The loss before each step.", "The weights after each step.")),
        ((1, 11, 20), None, ("The loss before one step in 10.", "The weights after one step in 10.")),
        ((1, 2, 3), 4, ("The loss before each pass.", "The weights after each pass.")),
    ],
)
def test_captions_say_which_steps_are_drawn(iterations: tuple[int, ...], batch_size: int | None, captions: tuple[str, ...]) -> None:
    loss, weights = (Series(name, ((0.5, 0.4, 0.3),)) for name in ("E", "w"))
    training = replace(load("two_node").training, batch_size=batch_size)
    blocks = training_blocks(Curves("simultaneous", iterations, loss, (weights,)), training)
    assert tuple(block.caption for block in blocks if isinstance(block, Figure)) == captions


@pytest.mark.parametrize(("net", "label"), [("xor_class", "dweights1"), ("four_three_two", "matrix form 1")])
def test_rows_stand_under_a_wide_left_side_where_a_matrix_would_be_torn_beside_it(net: str, label: str) -> None:
    """It stood there in halves of two columns, with dots."""
    rows = rows_of(worksheet(derive(load(net))), label)
    assert rows[0].left is None and all(each.indent for each in rows[1:])
    assert r"\cdots" not in latex_rows(rows)


def rows_of(document: Document, label: str) -> tuple[DisplayRow, ...]:
    return display_rows(display(document, label), document.notation)


@pytest.mark.parametrize(
    ("mode", "digits", "words"),
    [
        ("full", Digits(significant=4), "Give every result to 4 significant digits, and go on with the unrounded number."),
        ("carry", Digits(decimals=3), "Round every result to 3 decimals, and go on with the rounded number."),
    ],
)
def test_a_sheet_of_blanks_says_to_how_many_digits_they_are_to_be_filled(mode: Mode, digits: Digits, words: str) -> None:
    blank = worksheet(derive(load("two_node")), digits, mode, blank="steps")
    told = " ".join(inline(block.parts, blank) for block in blank.blocks if isinstance(block, Paragraph))
    assert words in told
    assert "\u2248" not in told
