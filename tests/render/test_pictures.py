"""Drawings: labels that do not cover each other, axes at round numbers, names that stand apart, curves of the true training."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symprop.artefacts.training import curves_of
from symprop.derive import derive
from symprop.notation.width import width
from symprop.render.article import article
from symprop.render.curves import Axis, Chart, Curves, Series, chart, described, labels, linear_axis, log_axis
from symprop.render.document import Document, Figure
from symprop.render.labels import EM, connection_label, label_places
from symprop.render.mermaid import mermaid
from symprop.render.picture import Picture, picture_of
from symprop.render.solutions import with_solutions
from symprop.render.svg import standalone, svg
from symprop.render.svg_curves import svg_curves
from symprop.render.tikz import tikz
from symprop.render.worksheet import worksheet
from symprop.spec import build, read_spec, starting_spec
from symprop.worked import floats
from symprop.worked.digits import Digits
from symprop.worked.fresh import fresh
from symprop.worked.initial import initial_values

from .worksheets import derivation, sheet

finite = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-6)
SVG = "{http://www.w3.org/2000/svg}"


def drawn_chart(net: str, title: str) -> Chart:
    charts = [block.content for block in sheet(net).blocks if isinstance(block, Figure) and isinstance(block.content, Chart)]
    return next(each for each in charts if each.title == title)


def network(net: str) -> Picture:
    [figure] = [block for block in sheet(net).blocks if isinstance(block, Figure) and block.kind == "network"]
    assert isinstance(figure.content, Picture)
    return figure.content


def test_each_class_of_a_softmax_hangs_on_every_net_input() -> None:
    picture = picture_of(build(read_spec(starting_spec("2-3", "softmax"), "classes")))
    assert picture is not None
    names = [unit.name for unit in picture.units]
    lines = {(names[line.source], names[line.target]) for line in picture.connections}
    assert lines >= {(f"net_o{source}", f"out_o{target}") for source in (1, 2, 3) for target in (1, 2, 3)}


def test_entries_that_end_together_end_near_one_number() -> None:
    loss = Series("E", ((1.0, 0.5),))
    together, apart = (Series("out", ((0.0, 0.25), (1.0, end)), (2,)) for end in (0.2500001, 0.5))
    told = [described(chart("The outputs", Curves("simultaneous", (1, 2), loss), [each])) for each in (together, apart)]
    assert [words.partition("the 2 entries ")[2] for words in told] == ["of out end near 0.25.", "of out end between 0.25 and 0.5."]


@pytest.mark.parametrize("net", ["step_by_step", "four_three_two", "two_node"])
def test_labels_of_weights_do_not_cover_each_other(net: str) -> None:
    picture, notation = network(net), sheet(net).notation
    boxes = []
    for connection, along in zip(picture.connections, label_places(picture, notation), strict=True):
        source, target = picture.units[connection.source], picture.units[connection.target]
        label = connection_label(connection, notation)
        assert label is not None
        x, y = source.x + along * (target.x - source.x), source.y + along * (target.y - source.y)
        boxes.append((x, y, width(label) * EM / 2))
    for place, (x, y, half) in enumerate(boxes):
        covered = [other for other in boxes[:place] if abs(x - other[0]) < half + other[2] and abs(y - other[1]) < 0.3]
        assert covered == []


@pytest.mark.parametrize(("sizes", "valued"), [("2-2-2-1", True), ("2-2-2-2-1", False), ("2-2-2-2-2-1", False)])
def test_a_weights_value_is_left_out_where_it_would_lie_on_a_units(sizes: str, valued: bool) -> None:
    document = worksheet(derive(build(read_spec(starting_spec(sizes), "deep"))))
    picture, notation = picture_in(document), document.notation
    assert all((each.value is not None) == valued for each in picture.connections)
    under = [(unit.x, unit.y - 0.6, len(unit.value.text) * 0.14 / 2) for unit in picture.units if unit.value is not None]
    for connection, along in zip(picture.connections, label_places(picture, notation), strict=True):
        source, target = picture.units[connection.source], picture.units[connection.target]
        x, y = source.x + along * (target.x - source.x), source.y + along * (target.y - source.y)
        label = connection_label(connection, notation)
        assert label is not None
        assert not any(abs(x - u) < half + width(label) * EM / 2 and abs(y - v) < 0.3 for u, v, half in under)


@pytest.mark.parametrize("seed", [77, 79, 80])
def test_on_a_students_sheet_no_label_hides_another(seed: int) -> None:
    """Without values under the units the rows stood closer, and a crossing line's label lay on the other's."""
    document = worksheet(fresh(derivation("step_by_step"), seed), blank="steps")
    picture = next(block.content for block in document.blocks if isinstance(block, Figure))
    assert isinstance(picture, Picture)
    places = zip(picture.connections, label_places(picture, document.notation), strict=True)
    rows = [
        (each.source, each.target, along) for each, along in places if picture.units[each.source].y != picture.units[each.target].y
    ]
    assert rows and all(along != 0.5 for _, _, along in rows)


def test_where_columns_are_close_names_stand_alone_and_clear() -> None:
    made = derive(build(read_spec(starting_spec("2-2-2-2-2-2-1"), "close")))
    document = worksheet(made)
    picture, notation = picture_in(document), document.notation
    assert {each.value for each in picture.connections} == {None}
    ends = [(picture.units[each.source], picture.units[each.target]) for each in picture.connections]
    at = [
        (source.x + along * (target.x - source.x), source.y + along * (target.y - source.y))
        for (source, target), along in zip(ends, label_places(picture, notation), strict=True)
    ]
    assert all(abs(x - u) > 0.3 or abs(y - v) > 0.3 for (x, y), (u, v) in combinations(at, 2))


@pytest.mark.parametrize("net", ["step_by_step", "four_three_two", "hidden_layer", "wide"])
def test_every_format_draws_the_same_units_and_connections(net: str) -> None:
    picture, notation = network(net), sheet(net).notation
    drawing = ElementTree.fromstring(svg(picture, notation))
    units = [unit for unit in picture.units if unit.name]
    assert len(list(drawing.iter(f"{SVG}ellipse"))) == len(units)
    biased = {place for place, _ in picture.biases if picture.units[place].name}
    assert len(list(drawing.iter(f"{SVG}line"))) == len(picture.connections) + len(biased)
    assert tikz(picture, notation).count(r"\draw[->]") == len(picture.connections)
    assert tikz(picture, notation).count(r"\node[unit]") == len(units)
    if picture.connections:
        assert mermaid(picture) == "" or mermaid(picture).count("-->") >= len(picture.connections)


def test_a_wide_layer_is_abbreviated() -> None:
    picture = picture_of(derivation("wide").network)
    assert picture is not None
    assert max(unit.index for unit in picture.units) == 12
    assert sum(unit.name == "" for unit in picture.units) == 2


@pytest.mark.parametrize(("sizes", "counted"), [("1-1", " 1 connection."), ("1-2", " 2 connections.")])
def test_connections_are_counted_in_words_that_agree(sizes: str, counted: str) -> None:
    picture = picture_of(build(read_spec(starting_spec(sizes), sizes)))
    assert picture is not None
    assert picture.description.endswith(counted)


def test_values_and_weights_stand_in_the_drawing() -> None:
    shown = "".join(ElementTree.fromstring(svg(network("step_by_step"), sheet("step_by_step").notation)).itertext())
    for text in ("0.05", "0.10", "w1 = 0.15", "w8 = 0.55", "outh1", "b2"):
        assert text in shown


def test_a_drawing_alone_is_dark_on_white() -> None:
    drawing = ElementTree.fromstring(standalone(svg(network("two_node"), sheet("two_node").notation)))
    assert "background:#fff" in drawing.get("style", "")


@given(finite, finite)
def test_linear_ticks_are_few_round_and_enclose_the_values(one: float, other: float) -> None:
    low, high = sorted((one, other))
    axis = linear_axis(low, high)
    values = [float(tick.value) for tick in axis.ticks]
    assert 2 <= len(values) <= 8
    assert values[0] <= low + 1e-9 * (high - low)
    assert values[-1] >= high - 1e-9 * (high - low)
    steps = [b - a for a, b in pairwise(values)]
    assert steps == pytest.approx([steps[0]] * len(steps), rel=1e-6)
    assert f"{steps[0]:.6e}"[0] in "125"
    assert all("e" not in tick.text for tick in axis.ticks)


def test_axes_by_hand() -> None:
    assert [tick.text for tick in linear_axis(0.13, 0.97).ticks] == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert [tick.text for tick in linear_axis(-3.9, 2.9).ticks] == ["-4", "-2", "0", "2", "4"]
    assert [tick.text for tick in linear_axis(1, 10000, within=True).ticks] == ["2000", "4000", "6000", "8000", "10000"]
    assert [tick.text for tick in log_axis(3.5e-5, 0.3).ticks] == ["1e-5", "1e-4", "1e-3", "1e-2", "1e-1", "1e0"]
    assert Axis(1.0, 100.0, (), log=True).place(10.0) == pytest.approx(0.5)
    assert linear_axis(2.0, 2.0).place(2.0) == pytest.approx(0.5)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_names_stand_apart_and_stay_inside(ends: list[float]) -> None:
    series = tuple(Series(f"w{place}", ((0.0, 1.0, end),)) for place, end in enumerate(ends))
    shown = labels(Chart("The weights", (1, 2, 3), series), 0.06)
    heights = [label.height for label in shown]
    assert len(heights) == len(ends)
    assert all(upper - lower >= 0.06 - 1e-9 for lower, upper in pairwise(heights))
    assert all(-1e-9 <= height <= 1 + 1e-9 for height in heights)


def test_an_array_of_many_entries_has_one_name() -> None:
    series = (Series("W", tuple((0.0, float(entry)) for entry in range(30)), (5, 6)),)
    assert len(labels(Chart("The weights", (1, 2), series), 0.05)) == 1


@pytest.mark.parametrize("end", [0.1, 0.1 + 1e-15, 0.1 - 1e-15])
def test_an_output_that_has_come_to_its_target_is_named_below_it_whatever_the_last_digit_says(end: float) -> None:
    series = (Series("A2", ((0.7, end),)), Series("Y", ((0.1, 0.1),), dashed=True))
    assert [label.series for label in labels(Chart("The outputs", (1, 2), series), 0.06)] == [0, 1]


def test_a_loss_over_many_decades_is_logarithmic_and_ends_where_rounding_begins() -> None:
    drawn = chart_of(Series("E", ((1.0, 1e-6, 1e-11, 3e-31),)))
    assert drawn.logarithmic
    assert drawn.iterations == (1, 2, 3)


@pytest.mark.parametrize("values", [(1.0, 0.9, 0.8, 0.0), (5.0, 1.0, 1e-3, -3.0), (-1.0, -2.0, -3.0, -4.0)])
def test_a_level_loss_and_one_below_zero_are_drawn_whole(values: tuple[float, ...]) -> None:
    assert chart_of(Series("E", (values,))) == Chart("The loss", (1, 2, 3, 4), (Series("E", (values,)),))


def chart_of(loss: Series) -> Chart:
    return chart("The loss", Curves("document", (1, 2, 3, 4), loss), (loss,))


def test_weights_are_drawn_whole_though_one_changes_its_sign() -> None:
    """On a logarithmic scale they ended where the first one crossed 0."""
    weights = (Series("w", ((0.9, 0.8, 0.7, 0.6),)), Series("b", ((0.1, 1e-3, -0.1, -0.2),)))
    drawn = chart("The weights", Curves("document", (1, 2, 3, 4), Series("E", ((1.0, 0.9, 0.8, 0.7),)), weights), weights)
    assert not drawn.logarithmic
    assert drawn.series == weights


def test_the_curves_are_those_of_the_document() -> None:
    """The document's loop: its own numbers after a thousand sequential updates, and the output before the last."""
    curves = curves_of(derivation("two_node"))
    assert curves is not None
    assert (curves.iterations[0], curves.iterations[-1]) == (1, 1000)
    ends = {series.name: series.lines[0][-1] for series in (*curves.parameters, *curves.outputs)}
    assert ends["w2"] == pytest.approx(0.9415374060237287, rel=1e-14)
    assert ends["w0"] == pytest.approx(2.0031198590477275, rel=1e-14)
    assert ends["out"] == pytest.approx(0.7, rel=1e-14)
    assert ends["target"] == 0.7
    assert curves.parameters[2].lines[0][0] == pytest.approx(0.5244621665599667, rel=1e-14)


def test_one_iteration_has_no_curves() -> None:
    assert curves_of(derivation("four_three_two")) is None


def test_a_chart_shows_every_line_and_every_name() -> None:
    weights, notation = drawn_chart("step_by_step", "The weights after each step"), sheet("step_by_step").notation
    drawing = ElementTree.fromstring(svg_curves(weights, notation, "figure-9"))
    assert len(list(drawing.iter(f"{SVG}polyline"))) == 8
    names = ["".join(element.itertext()) for element in drawing.iter(f"{SVG}text") if element.get("class")]
    assert sorted(names) == [f"w{place}" for place in range(1, 9)]
    description = drawing.find(f"{SVG}desc")
    assert description is not None
    assert "w5 goes from 0.359 to -3.89" in (description.text or "")


def test_a_line_that_never_moves_stays_at_its_value() -> None:
    notation = sheet("two_node").notation
    titles = ("The outputs before each step", "The weights after each step")
    told = [svg_curves(drawn_chart("two_node", title), notation, "figure-9") for title in titles]
    assert "target stays at 0.7" in told[0]
    assert "w0 stays near 2;" in told[1]  # it ends at 2.003


def test_a_decimal_comma_reaches_the_axes_and_the_words() -> None:
    notation = replace(sheet("step_by_step").notation, decimal_comma=True)
    drawing = svg_curves(drawn_chart("step_by_step", "The outputs before each step"), notation, "figure-9")
    texts = "".join(ElementTree.fromstring(drawing).itertext())
    assert "0,2" in texts and "out_o1 goes from 0,751 to 0,0159;" in texts


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("net", ["step_by_step", "hidden_layer"])
def test_the_curves_compile_and_fit_the_page(net: str, tmp_path: Path) -> None:
    (tmp_path / "x.tex").write_text(article(sheet(net)), encoding="utf-8")
    command = ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "x.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    log = (tmp_path / "x.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert [float(size) for size in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log) if float(size) > 1] == []
    assert "pgfplots Warning" not in log


def test_a_skip_connection_is_drawn_clear_of_the_units_between() -> None:
    spec = 'id = "skip"\ntitle = "Skip"\n[inputs]\nx = 0.5\n[targets]\nt = 1\n[parameters]\nu = 0.3\nv = -0.2\n[equations]\n'
    spec += 'h = "tanh(u*x)"\ny = "v*h + u*x"\nE = "1/2*(y - t)**2"\n[training]\nlearning_rate = 0.1\niterations = 1\n'
    picture = picture_of(build(read_spec(spec, "skip")))
    assert picture is not None
    names = [unit.name for unit in picture.units]
    drawn = {(names[each.source], each.weight, names[each.target]) for each in picture.connections}
    assert drawn == {("x", "u", "h"), ("h", "v", "y"), ("x", "u", "y")}
    height = {unit.name: unit.y for unit in picture.units}
    assert height["x"] == height["y"] != height["h"]


def picture_in(document: Document) -> Picture:
    [found] = [block.content for block in document.blocks if isinstance(block, Figure) and isinstance(block.content, Picture)]
    return found


def texts_of(document: Document) -> tuple[str, ...]:
    """Every format's picture, the one for a reader of its description included."""
    picture, notation = picture_in(document), document.notation
    return tikz(picture, notation), svg(picture, notation), mermaid(picture, notation.decimal_comma), picture.description


@pytest.mark.parametrize("net", ["step_by_step", "four_three_two", "two_node"])
def test_units_carry_the_values_of_the_forward_pass(net: str) -> None:
    """Those of a forward pass in plain floats, in the digits of the sheet."""
    document = worksheet(derivation(net), Digits(significant=5))
    network = derivation(net).network
    exact = floats.forward(network, {name: floats.to_floats(value) for name, value in initial_values(network).items()})
    computed = [unit for unit in picture_in(document).units if unit.name not in network.data]
    assert computed
    for unit in computed:
        assert unit.value is not None
        assert float(unit.value.value) == pytest.approx(float(exact[unit.name]), rel=6e-5)
        assert all(unit.value.text in each for each in texts_of(document))


def test_units_of_an_array_carry_its_first_row() -> None:
    document = worksheet(derivation("hidden_layer"), Digits(significant=4))
    shown = {(unit.name, unit.index): unit.value.text for unit in picture_in(document).units if unit.value is not None}
    assert [shown["X", place] for place in (1, 2, 3)] == ["0", "0", "1"]
    assert shown["l1", 1] == "0.5803" and shown["l2", 1] == "0.6845"
    assert "In the first row X: 0, 0, 1; l1: 0.5803, " in picture_in(document).description


@pytest.mark.parametrize("net", ["step_by_step", "four_three_two", "hidden_layer"])
def test_a_student_sees_no_asked_value_in_the_picture(net: str) -> None:
    """With every step blank the inputs alone; with the gradients blank all values, which the lines show as well."""
    network = derivation(net).network
    shown = [unit for unit in picture_in(worksheet(derivation(net))).units if unit.name and unit.name not in network.data]
    results = [unit.value.text for unit in shown if unit.value is not None]
    assert len(results) == len(shown) > 0
    for text in texts_of(worksheet(derivation(net), blank="steps")):
        assert [result for result in results if result in text] == []
    assert picture_in(worksheet(derivation(net), blank="gradients")).units == picture_in(worksheet(derivation(net))).units


def test_a_folded_sheet_keeps_the_values_out_of_its_picture() -> None:
    teacher, student = worksheet(derivation("two_node")), worksheet(derivation("two_node"), blank="steps")
    assert picture_in(with_solutions(teacher, student)) == picture_in(student) != picture_in(teacher)


def test_values_too_long_for_their_columns_are_left_out() -> None:
    """In a network of many layers numbers of thirty digits would run into each other; the inputs stay."""
    assert all(unit.value is not None for unit in picture_in(worksheet(derivation("two_node"))).units)
    crowded = picture_in(worksheet(derivation("two_node"), Digits(significant=40))).units
    assert [unit.name for unit in crowded if unit.value is not None] == ["s0"]


def test_an_abbreviated_layer_shows_the_inputs_alone() -> None:
    """Between its many lines numbers would not be read."""
    document = worksheet(derivation("wide"))
    assert {unit.name for unit in picture_in(document).units if unit.value is not None} == {"X"}
    [caption] = [block.caption for block in document.blocks if isinstance(block, Figure) and block.kind == "network"]
    assert caption.endswith("here the inputs of the first row.")


def test_a_value_and_the_bias_below_it_have_room() -> None:
    """Downwards from a unit's centre: its radius, its value, the bias's name, its arrow, the next unit."""
    units = {unit.name: unit for unit in picture_in(worksheet(derivation("step_by_step"))).units}
    drawn = 21.84 + 20 + 18 + 18.72 + 21.84  # pixels of 1/52 cm
    assert (units["out_h1"].y - units["out_h2"].y) * 52 >= drawn


def test_a_decimal_comma_reaches_the_picture() -> None:
    document = worksheet(derivation("step_by_step"), Digits(significant=4), decimal_comma=True)
    drawn = texts_of(document)
    assert [text for text in drawn if "0.5933" in text] == []
    assert ["0{,}5933" in drawn[0], *("0,5933" in text for text in drawn[1:])] == [True] * 4
