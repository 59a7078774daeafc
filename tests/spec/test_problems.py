"""What a wrong spec is told: pairs of a change to a right one and the line that it earns."""

# ruff: noqa: E501 - the expected lines stand as a reader sees them, unbroken

import pytest

from symprop.errors import InputError
from symprop.spec import build, read_spec

RIGHT = """id = "n"
[inputs]
x = 2
[targets]
t = 0.7
[parameters]
w = 0.5
[equations]
z = "w*x"
y = "sigmoid(z)"
E = "1/2*(y - t)**2"
[training]
learning_rate = 0.1
"""
LAYERED = """id = "n"
[inputs]
i1 = 0.05
i2 = 0.10
[targets]
t1 = 0.01
[parameters]
w1 = 0.1
w2 = 0.2
b_o1 = 0.3
[network]
loss = "half_sum_of_squares"
[[layers]]
size = 1
activation = "tanh"
[training]
learning_rate = 0.1
"""


def problems(text: str) -> list[str]:
    try:
        build(read_spec(text, "n.toml"))
    except InputError as refusal:
        return list(refusal.problems)
    return []


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_the_right_specs_are_right() -> None:
    assert problems(RIGHT) == [] and problems(LAYERED) == []


NAME = "a name of ASCII letters, digits and underscores that begins with a letter"
USED = "a parameter that the loss E depends on"
KEYS = [
    ("[equations]", "[equatoins]", "equatoins: expected a key that is known here, got 'equatoins'; did you mean 'equations'?"),
    ("[training]", "[training]\nrat = 'eta'", "training.rat: expected a key that is known here, got 'rat'; did you mean 'rate'?"),
    ('"n"', '"../n"', "id: expected an id of letters, digits, hyphens and underscores that begins with a letter, got '../n'"),
    ('"n"', '"n"\ntitle = 3', "title: expected a text in quotes, got 3"),
    ('"n"', '"n"\ntitle = "a\\u0000b"', "title: expected a text without control characters, got U+0000"),
    ('"n"', '"n"\nremarks = ["a", 3]', "remarks: expected a list of which each member is a text in quotes, got 3 at place 2"),
    ('"n"', '"n"\nlayers = 3', "layers: expected a list, got 3"),
    ("learning_rate = 0.1", "", "training.learning_rate: expected a number, got nothing; write e.g. learning_rate = 0.1"),
    ("x = 2\n[targets]\nt = 0.7\n[parameters]\nw = 0.5", "x = 2\nw = 0.5\n[targets]\nt = 0.7", "parameters: expected at least one parameter, got nothing; write e.g. [parameters] w = 0.5"),
]
NUMBERS = [
    ("w = 0.5", "w = nan", "parameters.w: expected a finite number, got nan"),
    ("w = 0.5", "w = -inf", "parameters.w: expected a finite number, got -inf"),
    ("w = 0.5", "w = 1e9999999", "parameters.w: expected a number that fits a double (up to 1e308), got 1e9999999"),
    ("w = 0.5", "w = 1e-9999999", "parameters.w: expected a number that fits a double (up to 1e308), got 1e-9999999"),
    ("w = 0.5", f"w = {'9' * 5000}", "expected numbers that fit a double, got an integer of thousands of digits"),
    ("w = 0.5", "w = 'a'", "parameters.w: expected a number, got 'a'"),
    ("learning_rate = 0.1", "learning_rate = -0.1", "training.learning_rate: expected a learning rate of at least 0: each step goes down the gradient, got -0.1"),
    ("w = 0.5", "w = true", "parameters.w: expected a number, got true"),
    ("w = 0.5", "w = 1979-05-27", "parameters.w: expected a number, got 1979-05-27"),
    ("w = 0.5", "w = []", "parameters.w: expected a list that is not empty, got an empty list"),
    ("w = 0.5", "w = [[1, 2], [3]]", "parameters.w: expected rows of one length, got rows of shapes (2,), (1,)"),
    ("w = 0.5", "w = {}", "parameters.w.value: expected a number, got nothing"),
    ("w = 0.5", "w = { shape = [2], value = [1, 2, 3] }", "parameters.w.value: expected a value of shape [2], got one of shape [3]"),
    ("w = 0.5", 'w = { draw = "unifrm" }', "parameters.w.draw: expected an initialiser, got 'unifrm'; did you mean 'uniform'?"),
    ("w = 0.5", "w = { shape = [0], value = 1 }", "parameters.w.shape: expected a shape such as [3, 4], got '0' at place 1"),
    ("w = 0.5", "w = { shape = [9999, 9999], value = 0 }", "parameters.w.value: expected at most 1000000 entries from one number, got 99980001"),
    ("x = 2", "x = { shape = ['n', 3] }", "inputs.x.shape: expected a shape such as [3, 4] or [\"m\", 3], got 'n' at place 1"),
]
NAMES = [
    ("w = 0.5", "w = 0.5\nz_ = 1", "parameters.z_: expected a name that ends in a letter or a digit, got 'z_'; try 'z_1'"),
    ("w = 0.5", "w = 0.5\nlambda = 1", "parameters.lambda: expected a name that is free in Python, got the keyword 'lambda'; try 'lambda_1'"),
    ("w = 0.5", "w = 0.5\nexp = 1", "parameters.exp: expected a name that is not a function's, got 'exp'; try 'exp_1'"),
    ("w = 0.5", "w = 0.5\ninput = 1", "parameters.input: expected a name that is free in Python, got Python's own 'input'; try 'input_1'"),
    ("w = 0.5", 'w = 0.5\n"η" = 1', f"parameters.η: expected {NAME}, got 'η'"),
    ("w = 0.5", 'w = 0.5\n_a = 1', f"parameters._a: expected {NAME}, got '_a'"),
    ("w = 0.5", "w = 0.5\nx = 1", "parameters.x: expected a name used once, got a second 'x'"),
    ("[training]", 'w = "x"\n[training]', "equations.w: expected a name used once, got 'w', which is also a given value"),
    ("[training]", '[training]\nrate = "w"', "training.rate: expected a name used once, got 'w', which is also a given value; write e.g. rate = \"epsilon\""),
    ("[training]", '[deltas]\nz = "w"\n[training]', "deltas.z: expected a name used once, got a second 'w'"),
    ("x = 2", "x = 2\nw_new = 1", "w_new: expected a name that no new value has, got 'w_new', which is w after the step; try 'w_next'"),
    ("[training]", '[metrics]\nz = "y"\n[training]', "metrics.z: expected a name used once, got 'z', which is already a quantity"),
]  # fmt: skip
EQUATIONS = [
    ('"w*x"', '"w*x*y"', "equations.z: expected equations without a circle, got z -> y -> z"),
    ('"w*x"', '"w*x*z"', "equations.z: expected equations without a circle, got z -> z"),
    ('"w*x"', "3", "equations.z: expected a text in quotes, got 3"),
    ("w = 0.5", "w = 0.5\nw2 = 1", f"parameters.w2: expected {USED}, got one that it does not use"),
    ("x = 2", "x = 2\nx2 = 1", "inputs.x2: expected a quantity that some equation uses, got one that is not used"),
    ("x = 2", "x = [1, 2]", "equations.E: expected a single number as the loss, got shape (m,); take its sum(...) or mean(...)"),
    ('"n"', '"n"\nloss = "F"', "loss: expected the name of an equation, got 'F' (known: z, y, E)"),
    ('"n"', '"n"\noutputs = ["yy"]', "outputs: expected a list of which each member is the name of an equation, got 'yy' at place 1; did you mean 'y'?"),
    ("[training]", "[symbols]\nzz = { base = 'z' }\n[training]", "symbols.zz: expected the name of a quantity, got 'zz'; did you mean 'z'?"),
    ("[training]", "[symbols]\nz = { base = '' }\n[training]", "symbols.z.base: expected a letter or a word of letters, got ''"),
]  # fmt: skip
UPDATES = [
    ('order = ["ww"]', "updates[1].order: expected a list of which each member is a parameter, got 'ww' at place 1; did you mean 'w'?"),
    ('order = ["w", "w"]', "updates[1].order: expected each parameter at most once, and at least one, got 'w' twice"),
    ("order = []", "updates[1].order: expected each parameter at most once, and at least one, got none"),
    ("sequential = 1", "updates[1].sequential: expected true or false, got 1"),
    ('gradient_of = { w = "x" }', "updates[1].gradient_of.w: expected a parameter, got 'x' (known: w)"),
    ('gradient_of = { x = "w" }', "updates[1].gradient_of.x: expected a parameter of this update's order, got 'x' (known: w)"),
]
QUANTITY = "a quantity, gradient, local partial, metric or derived name"
CLAIMS = [
    ('quantity = "dE_dv"\nprinted = 1', f"claims[1].quantity: expected {QUANTITY}, got 'dE_dv'; did you mean 'dE_dy'?"),
    ('quantity = "w"\nprinted = [1]', "claims[1].quantity: expected a single number, got numbers of shape [1]"),
    ('quantity = "w[1]"\nprinted = 1', "claims[1].quantity: expected an entry that the array has, got w is a single number, without entries"),
    ('quantity = "w"\nprinted = 1\n[claims.finding]\ntext = "a slip"\nprinted_values = { "w[1]" = 2 }', "claims[1].finding.printed_values.w[1]: expected an entry that the array has, got w is a single number, without entries"),
    ('quantity = "w"\nprinted = "a"', "claims[1].printed: expected a number, got 'a'"),
    ('quantity = "w"', "claims[1].printed: expected a number, got nothing; write e.g. printed = 0.3589"),
    ("printed = 1", "claims[1].quantity: expected a text in quotes, got nothing; write e.g. quantity = \"w1\""),
    ('quantity = "w"\nprinted = 1\nfinding = "a slip"', "claims[1].finding: expected a table, got 'a slip'"),
    ('quantity = "w"\nprinted = 1\nfinding = { text = "a slip" }', "claims[1].finding: expected what reproduces the printed number: update, iterations, printed_values, got none of these"),
    ('quantity = "w"\nprinted = 1\niterations = -1', "claims[1].iterations: expected a whole number of at least 0, got -1"),
    ('quantity = "w"\nprinted = 1\nupdate = "documnet"', "claims[1].update: expected one of simultaneous, document, got 'documnet'; did you mean 'document'?"),
    ("[claims.printed]\nw = inf", "claims[1].printed.w: expected a finite number, got inf"),
    ("[claims.printed]\nw = 1\n[claims.finding]\niterations = 3", "claims[1].finding.text: expected a text in quotes, got nothing"),
]  # fmt: skip
LAYERS = [
    ('"tanh"', '"tahn"', "layers[1].activation: expected an activation, got 'tahn'; did you mean 'tanh'?"),
    ("w2 = 0.2\n", "", "parameters.w2: expected a value for this parameter of layer 1, got nothing"),
    ("w2 = 0.2", "w2 = 0.2\nw3 = 0.1", f"parameters.w3: expected {USED}, got one that it does not use"),
    ('"half_sum_of_squares"', '"half_sum_of_squars"', "network.loss: expected a loss or an expression, got 'half_sum_of_squars'; did you mean 'half_sum_of_squares'?"),
    ('"half_sum_of_squares"', '"binary_cross_entropy"', "layers: expected activation = 'sigmoid' in the last layer for the loss binary_cross_entropy, got 'tanh'; for other outputs between 0 and 1 there is the loss clipped_binary_cross_entropy"),
    ('"half_sum_of_squares"', '"softmax_cross_entropy"', "layers: expected activation = 'softmax' in the last layer for the loss softmax_cross_entropy, got 'tanh'"),
    ('"half_sum_of_squares"', '"half_sum_of_squares"\nl2 = -0.1', "network.l2: expected a number that is not negative, got -0.1"),
    ('"half_sum_of_squares"', '"half_sum_of_squares"\neps = 0.5', "network.eps: expected a number between 0 and 1/2, got 0.5"),
    ("size = 1", "size = 0", "layers[1].size: expected a whole number of at least 1, got 0"),
    ("size = 1", "size = 1000000000", "layers[1].size: expected a whole number of at most 1000000, got 1000000000"),
    ("size = 1", "size = 100000", 'layers[1]: expected at most 100000 weights with a symbol each, got 200000; write style = "matrix" under [network]'),
    ("size = 1", "size = 30", "parameters: expected values for 67 more parameters of layer 1, got nothing"),
    ("size = 1", 'size = 2\nweights = "w{s}"', "layers[1]: expected patterns that name everything once, got a second 'w1'"),
    ("size = 1", 'size = 2\nbiases = "b{layer}"', "layers[1]: expected patterns that name everything once, got a second 'b1'"),
    ("size = 1", 'size = 2\noutput = "o"', "layers[1]: expected patterns that name everything once, got a second 'o'"),
    ("size = 1", 'size = 1\nnet = "n_{unt}"', "layers[1].net: expected a pattern with known fields, got {unt}; did you mean '{unit}'?"),
    ("size = 1", 'size = 1\nweights = [["w1"]]', "layers[1].weights: expected 1 list of 2 names (a line per unit), got a list of 1"),
    ("size = 1", 'size = 1\nbias = "shared"', "layers[1].bias: expected one of none, unit, layer, got 'shared'"),
    ("t1 = 0.01", "t1 = 0.01\nt2 = 0.1", "targets: expected a target for each of the 1 outputs, got 2"),
    ('"half_sum_of_squares"', '"half_sum_of_squares"\nstyle = "matirx"', "network.style: expected one of scalar, matrix, got 'matirx'; did you mean 'matrix'?"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), KEYS + NUMBERS + NAMES + EQUATIONS)
def test_a_wrong_spec_is_told_where_and_what(old: str, new: str, line: str) -> None:
    assert f"n.toml: {line}" in problems(changed(RIGHT, old, new))


@pytest.mark.parametrize(("old", "new", "line"), LAYERS)
def test_wrong_layers_are_told_where_and_what(old: str, new: str, line: str) -> None:
    assert f"n.toml: {line}" in problems(changed(LAYERED, old, new))


@pytest.mark.parametrize(("lines", "problem"), UPDATES)
def test_a_wrong_update_is_told_where_and_what(lines: str, problem: str) -> None:
    assert problems(f'{RIGHT}[[updates]]\nname = "document"\n{lines}\n') == [f"n.toml: {problem}"]


@pytest.mark.parametrize(("lines", "problem"), CLAIMS)
def test_a_wrong_claim_is_told_where_and_what(lines: str, problem: str) -> None:
    assert problems(f'{RIGHT}[[claims]]\nwhere = "here"\n{lines}\n') == [f"n.toml: {problem}"]


@pytest.mark.parametrize(("text", "column"), [("w*xx", 3), ("w*", 3), ("w*(x", 5), ("w x)", 4), ("9**9**9*w*x", 1)])
def test_an_unreadable_equation_is_pointed_at(text: str, column: int) -> None:
    (problem,) = problems(changed(RIGHT, "w*x", text))
    assert problem.startswith("n.toml: equations.z: column ") and text in problem


def test_uneven_batches_are_counted() -> None:
    text = changed(changed(RIGHT, "x = 2", "x = [1, 2]"), "t = 0.7", "t = [1, 2, 3]")
    assert "n.toml: targets.t: expected 2 samples as in x, got 3" in problems(text)


def test_one_sample_of_several_numbers_is_told_how_it_is_written() -> None:
    text = changed(changed(RIGHT, "x = 2", "x = [1, 2, 3]"), "w = 0.5", "w = [[1], [2], [3]]")
    told = problems(changed(changed(text, "w*x", "x @ w"), "t = 0.7", "t = [1, 2, 3]"))
    assert told[0].endswith("shapes (m,) and (3, 1) does not exist; one sample of several numbers is a row, [[1, 2, 3]]")


@pytest.mark.parametrize(("line", "ending"), [
    ("w 0.5", "(at line 7, column 3) in 'w 0.5'"),
    ("\u03c9 = 0.5", "(at line 7, column 1) in '\u03c9 = 0.5'; names are of ASCII letters, digits and underscores"),
    ("w = \u22120.5", "in 'w = \u22120.5'; a minus is a hyphen: -0.5"),
    ("w = [[\u20130.5]]", "in 'w = [[\u20130.5]]'; a minus is a hyphen: -0.5"),
    ("w = \u201chalf\u201d", "in 'w = \u201chalf\u201d'; a text stands in straight quotes: \"...\""),
    ("w = True", "in 'w = True'; true and false have small letters"),
    ("w = half # of one", "in 'w = half # of one'; a text stands in quotes"),
    ("w = 0,5", "in 'w = 0,5'; a number has a decimal point"),
    ("w = [0.5, .25]", "in 'w = [0.5, .25]'; a number has digits before and after its point"),
    ("w = 5.", "in 'w = 5.'; a number has digits before and after its point"),
    ("w = -1/2", "in 'w = -1/2'; a number is written out, without arithmetic"),
    ("w = 1.5.2", "in 'w = 1.5.2'"),
    ("w = 0.5\n[[updates]]\n[updates]", "in '[updates]'; each of several such tables has double brackets"),
])
def test_a_line_that_is_no_toml_is_quoted(line: str, ending: str) -> None:
    (problem,) = problems(changed(RIGHT, "w = 0.5", line))
    assert problem.startswith("n.toml: expected TOML, got: ") and problem.endswith(ending)


def test_shapes_that_do_not_fit_are_shown() -> None:
    text = changed(changed(RIGHT, "x = 2", "x = [[1, 2], [3, 4]]"), "w = 0.5", "w = [[1], [2], [3]]")
    (problem,) = problems(changed(text, "w*x", "x @ w"))
    assert problem == "n.toml: equations.z: expected shapes that fit, got the matrix product of shapes (m, 2) and (3, 1) does not exist"


def test_a_row_of_targets_beside_a_column_of_outputs_is_refused() -> None:
    text = changed(changed(RIGHT, "x = 2", "x = [[1, 2], [3, 4]]"), "w = 0.5", "w = [[1], [2]]")
    text = changed(changed(text, "w*x", "x @ w"), "1/2*(y - t)**2", "sum((y - t)**2)")
    (problem,) = problems(changed(text, "t = 0.7", "t = [1, 0]"))
    assert problem == "n.toml: equations.E: expected shapes that fit, got (m, 1) and (m,), which pair every sample with every other"
    assert problems(changed(text, "t = 0.7", "t = [[1], [0]]")) == []


@pytest.mark.parametrize(
    ("loss", "given", "ending"),
    [
        ("softmax_cross_entropy", "[1, 0]", "got the shape (m,); class 0 is the row [1, 0, ...], class 1 the row [0, 1, ...]"),
        ("softmax_cross_entropy", "[[1], [0]]", "got the shape (m, 1); class 0 is the row [1, 0, ...], class 1 the row [0, 1, ...]"),
        ("mean_squared", "[[1], [0]]", "got the shape (m, 1)"),
    ],
)
def test_targets_of_layers_are_a_row_for_each_sample(loss: str, given: str, ending: str) -> None:
    """NumPy would repeat a column of targets for each unit."""
    text = changed(changed(RIGHT, "x = 2", "x = [[1, 2], [3, 4]]"), "w = 0.5", "w = [[1, 2], [3, 4]]\nb = [0, 0]")
    layers = f'[network]\nstyle = "matrix"\nloss = "{loss}"\n[[layers]]\nsize = 2\nweights = "w"\nbiases = "b"\n'
    text = changed(text[: text.index("[equations]")] + layers + text[text.index("[training]") :], "t = 0.7", f"t = {given}")
    assert problems(text) == [f"n.toml: targets.t: expected a row of 2 numbers for each sample, {ending}"]


def test_every_problem_is_told_at_once_and_nothing_is_told_twice() -> None:
    text = changed(changed(changed(RIGHT, "w = 0.5", "w = nan"), "learning_rate = 0.1", "lerning_rate = 0.1"), '"n"', '"n n"')
    text += '[[updates]]\nname = "document"\norder = ["v"]\n[[claims]]\nquantity = "dE_dv"\nprinted = 1\n'
    found = problems(text)
    keys = ["training.lerning_rate", "parameters.w", "updates[1].order", "id", "claims[1].where", "claims[1].quantity"]
    assert [line.split(": ")[1] for line in found] == keys
    assert len(set(found)) == len(found)


def test_what_hangs_on_a_wrong_value_is_not_blamed() -> None:
    text = changed(RIGHT, "w = 0.5", "w = 'a'")
    text += '[metrics]\ne = "abs(z)"\n[derived]\nd = "-delta_z"\n[[claims]]\nquantity = "dE_dw"\nprinted = 1\nwhere = "here"\n'
    assert problems(text) == ["n.toml: parameters.w: expected a number, got 'a'"]


def test_a_loss_that_is_not_the_last_equation_is_told_the_line_that_names_it() -> None:
    """That neither its target nor the equations before it reach what was taken for the loss follows, and is not told."""
    text = changed(changed(RIGHT, 'E = "1/2*(y - t)**2"\n', ""), 'z = "w*x"', 'E = "1/2*(y - t)**2"\nz = "w*x"')
    unused = "n.toml: equations.E: expected an equation that the loss y uses, got one that is not used; "
    ending = "list it under outputs or move it to [metrics]"
    assert problems(text) == [f'{unused}if it is the loss, write loss = "E" in the first line, else {ending}']
    assert problems(f'loss = "E"\n{text}') == []
    assert problems(f'loss = "y"\n{text}') == [unused + ending]
    assert problems(changed(RIGHT, "[training]", 'e = "abs(z)"\n[training]')) == [
        f'n.toml: equations.E: expected an equation that the loss e uses, got one that is not used; '
        f'if it is the loss, write loss = "E" in the first line, else {ending}'
    ]


@pytest.mark.parametrize("lines", [1, 20])
def test_a_circle_is_told_once(lines: int) -> None:
    ring = "".join(f'q{index} = "q{index + 1}"\n' for index in range(lines)) + f'q{lines} = "q0"\n'
    (problem,) = problems(changed(RIGHT, "[training]", f"{ring}[training]"))
    assert problem.count("->") == lines + 1 and "circle" in problem


OF_UNITS = """
[inputs]
i1 = 0.5
[targets]
t1 = 1
[parameters]
w1 = 0.1
w2 = 0.2
w3 = 0.3
w4 = 0.4
[network]
[[layers]]
{units}
bias = "none"
[[layers]]
size = 1
activation = "{activation}"
bias = "none"
[training]
rate = "eta"
learning_rate = 0.5
iterations = 1
"""
UNITS = {
    'units = ["h1", "h 2"]': "layers[1].units[2]: expected a name of ASCII letters, digits and underscores",
    'units = ["h1", "h1"]': "layers[1].units[2]: expected a name for each unit, got a second 'h1'",
    'units = ["h1", 2]': "layers[1].units[2]: expected a name in quotes, got 2",
    'units = "h1"': 'layers[1].units: expected a list of names such as ["h1", "h2"], got \'h1\'',
    "units = []": "layers[1].units: expected a list of names such as",
    "size = 0": "layers[1].size: expected a whole number of at least 1, got 0",
    "size = 2.0": "layers[1].size: expected a whole number of at least 1, got 2.0",
    "": "layers[1].size: expected a whole number of at least 1, got nothing",
}


@pytest.mark.parametrize(("units", "message"), UNITS.items())
def test_one_cause_is_one_problem(units: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        build(read_spec(OF_UNITS.format(units=units, activation="sigmoid"), "mine"))
    (problem,) = caught.value.problems
    assert problem.startswith(f"mine: {message}")


def test_wrong_units_hide_no_problem_of_another_layer() -> None:
    with pytest.raises(InputError) as caught:
        build(read_spec(OF_UNITS.format(units="size = 0", activation="tahn"), "mine"))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(("word", "meant"), [("linear", "identity"), ("Logistic", "sigmoid"), ("tahn", "tanh"), ("ReLu", "relu")])
def test_an_activation_by_another_name_is_suggested(word: str, meant: str) -> None:
    with pytest.raises(InputError, match=f"got '{word}'; did you mean '{meant}'\\?$"):
        build(read_spec(OF_UNITS.format(units="size = 2", activation=word), "mine"))


@pytest.mark.parametrize(("word", "meant"), [("MSE", "mean_squared"), ("categorical_crossentropy", "softmax_cross_entropy")])
def test_a_loss_by_another_name_is_suggested(word: str, meant: str) -> None:
    (problem,) = problems(changed(LAYERED, "half_sum_of_squares", word))
    assert problem.endswith(f"; did you mean '{meant}'?")


def test_an_array_without_values_is_told_what_to_write() -> None:
    """The lines that it shows, put into the spec, make it right."""
    text = """id = "n"
        inputs = { X = [[0.0, 1.0, 2.0]] }
        targets = { Y = [[0, 1]] }
        network = { loss = "half_sum_of_squares", style = "matrix" }
        layers = [{ size = 4, activation = "relu" }, { size = 2, activation = "sigmoid" }]
        training = { learning_rate = 0.1, seed = 1 }
        """
    with pytest.raises(InputError) as caught:
        build(read_spec(text, "n"))
    shown = [problem.partition("; write e.g. ")[2] for problem in caught.value.problems]
    assert "W2 = { shape = [4, 2], " in "".join(shown)
    network = build(read_spec(text + "[parameters]\n" + "\n".join(shown), "n"))
    assert [network.graph.quantities[name].shape for name in ("W1", "b1", "W2", "b2")] == [(3, 4), (4,), (4, 2), (2,)]


ONE_CAUSE = [
    (RIGHT, "[parameters]", "[paramters]", "paramters: expected a key that is known here, got 'paramters'; did you mean 'parameters'?"),
    (RIGHT, "[equations]", "[equation]", "equation: expected a key that is known here, got 'equation'; did you mean 'equations'?"),
    (RIGHT, '"sigmoid(z)"', "3", "equations.y: expected a text in quotes, got 3"),
    (RIGHT, "[inputs]\nx = 2", "inputs = 2", "inputs: expected a table, got 2"),
    (RIGHT, "[training]\nlearning_rate = 0.1", "[[updates]]\nname = 'a'\n[[training]]\nlearning_rate = 0.1", "training: expected a table, got a list of 1"),
    (RIGHT, "[training]", "[updates]\nname = 'a'\n[training]", "updates: expected a list of tables, got a table; write [[updates]] above each"),
    (LAYERED, "[[layers]]", "[layers]", "layers: expected a list of tables, got a table; write [[layers]] above each"),
    (LAYERED, '[[layers]]\nsize = 1\nactivation = "tanh"', "", "layers: expected at least one [[layers]] table, got nothing"),
    (LAYERED, "size = 1", "size = 1\nbias = true", "layers[1].bias: expected one of none, unit, layer, got true"),
    (
        LAYERED, '[network]\nloss = "half_sum_of_squares"', '[equations]\nE = "(t1 - out_o1)**2"\n[network]\nl2 = 0.1',
        "network.l2: expected a loss in [network] beside it, of which it is a part, got none",
    ),
    (LAYERED, "t1 = 0.01", "t1 = 0.01\nt2 = 0.1", "targets: expected a target for each of the 1 outputs, got 2"),
    (LAYERED, "w1 = 0.1", 'w1 = { shape = [-3, 2], draw = "glorot_uniform" }', "parameters.w1.shape: expected a shape such as [3, 4], got '-3' at place 1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "line"), ONE_CAUSE)
def test_one_cause_is_one_line(text: str, old: str, new: str, line: str) -> None:
    assert problems(changed(text, old, new)) == [f"n.toml: {line}"]


def test_a_misspelt_key_is_not_missed_as_well() -> None:
    with pytest.raises(InputError) as caught:
        build(read_spec(RIGHT.replace("learning_rate", "learnin_rate"), "mine"))
    assert caught.value.problems == (
        "mine: training.learnin_rate: expected a key that is known here, got 'learnin_rate'; did you mean 'learning_rate'?",
    )
