"""The HTML page: well-formed, MathML Core alone, nothing fetched, every equation spoken, the anchors and numbers of the LaTeX."""

import re
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from symprop.errors import InputError
from symprop.render.article import article
from symprop.render.document import document
from symprop.render.page import page

from .worksheets import NETWORKS, sheet

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
# https://www.w3.org/TR/mathml-core/, its elements and the attributes that it defines for them
ELEMENTS = """
annotation annotation-xml maction math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace
msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics
"""
NAMES = "display aria-label encoding displaystyle class mathvariant form stretchy separator lspace rspace accent width"
NAMES += " height depth symmetric"
CORE, ATTRIBUTES = set(ELEMENTS.split()), set(NAMES.split())
each_network = pytest.mark.parametrize("net", NETWORKS)


@cache
def text(net: str) -> str:
    return page(sheet(net))


@cache
def tree(net: str) -> Element:
    """Parsed by an XML parser, which refuses what is not well-formed."""
    return ElementTree.fromstring(text(net))


def name(element: Element) -> str:
    return element.tag.removeprefix(XHTML)


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def maths(net: str) -> list[Element]:
    return list(tree(net).iter(f"{XHTML}math"))


def equations(net: str) -> list[Element]:
    return [element for element in tree(net).iter(f"{XHTML}div") if "equation" in element.get("class", "").split()]


@each_network
def test_mathematics_is_mathml_core(net: str) -> None:
    for math in maths(net):
        assert {name(element) for element in math.iter()} <= CORE
        assert {attribute for element in math.iter() for attribute in element.attrib} <= ATTRIBUTES
        assert {element.get("mathvariant", "normal") for element in math.iter()} == {"normal"}  # Core knows no other


@each_network
def test_scripts_and_fractions_have_their_parts(net: str) -> None:
    """The elements with a fixed number of children; with another number a browser shows an error."""
    parts = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "semantics": 2}
    for math in maths(net):
        wrong = [name(element) for element in math.iter() if len(element) != parts.get(name(element), len(element))]
        assert wrong == []


@each_network
def test_nothing_is_fetched_and_nothing_runs(net: str) -> None:
    elements = list(tree(net).iter())
    assert not {name(element).removeprefix(SVG) for element in elements} & {"script", "link", "img", "iframe", "object", "base"}
    attributes = [(key, value) for element in elements for key, value in element.attrib.items()]
    assert [key for key, _ in attributes if key.startswith("on") or key in ("src", "srcset", "action")] == []
    assert [value for key, value in attributes if key.endswith("href") and not value.startswith("#")] == []
    urls = re.findall(r"url\(\s*[\"']?(.{5})", text(net))
    assert set(urls) <= {"data:", "#figu"}
    assert "@import" not in text(net)
    policies = [element.get("content", "") for element in elements if element.get("http-equiv") == "Content-Security-Policy"]
    assert [policy.split(";")[0] for policy in policies] == ["default-src 'none'"]


@each_network
def test_every_equation_is_spoken_and_can_be_copied(net: str) -> None:
    for math in maths(net):
        spoken = math.get("aria-label", "")
        assert len(spoken) > 0
        assert not re.search(r"[\\{}^_<>=≈⋅−∂]", spoken), spoken
        annotations = [element for element in math.iter(f"{XHTML}annotation") if element.get("encoding") == "application/x-tex"]
        assert [bool(words(annotation)) for annotation in annotations] == [True]


def test_a_step_in_words() -> None:
    spoken = equations("step_by_step")[0].find(f".//{XHTML}math")
    assert spoken is not None
    assert spoken.get("aria-label") == (
        "net h 1 equals w 1 times i 1 plus w 2 times i 2 plus b 1, "
        "equals 0.15 times 0.05 plus 0.20 times 0.10 plus 0.35, equals 0.377500000"
    )


@each_network
def test_links_lead_somewhere_and_ids_are_unique(net: str) -> None:
    ids = [element.get("id") for element in tree(net).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    references = [element.get(key, "") for element in tree(net).iter() for key in ("aria-labelledby", "aria-describedby")]
    referred = [value for each in references for value in each.split()]
    links = [element.get("href", "").removeprefix("#") for element in tree(net).iter(f"{XHTML}a")]
    assert set(links) | set(referred) <= set(ids)


@each_network
def test_headings_go_down_one_level_at_a_time(net: str) -> None:
    levels = [int(name(element)[1]) for element in tree(net).iter() if re.fullmatch(r"h[1-6]", name(element))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False))
    assert tree(net).get("lang") == "en"


@each_network
def test_numbers_and_anchors_are_those_of_the_latex(net: str) -> None:
    labels = re.findall(r"\\label\{(.*?)\}", article(sheet(net)))
    assert [equation.get("id") for equation in equations(net)] == labels
    shown = [words(link) for equation in equations(net) for link in equation.findall(f"{XHTML}a[@class='number']")]
    assert shown == [f"({place})" for place in range(1, len(labels) + 1)]


@each_network
def test_a_citation_shows_the_number_of_the_equation_that_it_leads_to(net: str) -> None:
    numbers = {equation.get("id"): f"({place})" for place, equation in enumerate(equations(net), 1)}
    for link in tree(net).iter(f"{XHTML}a"):
        assert words(link) == numbers[link.get("href", "").removeprefix("#")]


@each_network
def test_the_markup_shows_the_digits_of_the_latex_beside_it(net: str) -> None:
    """Two writers, one sequence of numbers."""
    for math in maths(net):
        annotation = next(math.iter(f"{XHTML}annotation"))
        lengths = re.compile(r"\\rule\[[^]]*\]\{0pt\}\{[^}]*\}|\[6pt\]")
        tex = re.sub(r"\\[A-Za-z]+", " ", lengths.sub(" ", words(annotation))).replace("{,}", ",")
        shown = [words(element) for element in math.iter(f"{XHTML}mn")]
        assert "".join(shown) == "".join(re.findall(r"[\d.,]*\d", tex))


@each_network
def test_drawings_have_a_title_and_a_description(net: str) -> None:
    drawings = list(tree(net).iter(f"{SVG}svg"))
    for drawing in drawings:
        told = {element.get("id"): words(element) for element in drawing if element.tag in (f"{SVG}title", f"{SVG}desc")}
        assert drawing.get("role") == "img"
        title, described = drawing.get("aria-labelledby", ""), drawing.get("aria-describedby", "")
        assert told[title] and told[described] and title != described
        shown = [part for part in drawing if part.tag not in (f"{SVG}title", f"{SVG}desc")]
        assert [part.get("aria-hidden") for part in shown] == ["true"], "the description alone is read, once"
    assert len(drawings) == len(list(tree(net).iter(f"{XHTML}figure")))


def test_text_from_outside_stays_text() -> None:
    assert words(next(tree("awkward").iter(f"{XHTML}h1"))) == sheet("awkward").title
    assert "<script>" in " ".join(words(element) for element in tree("awkward").iter(f"{XHTML}p"))


def test_solutions_fold_under_their_question() -> None:
    folded = list(tree("folded").iter(f"{XHTML}details"))
    assert len(folded) > 8
    for details in folded:
        summary, *solution = list(details)
        assert summary.tag == f"{XHTML}summary"
        assert words(summary).endswith("?")
        number = words(summary).split(" ")[0]
        assert [words(link) for each in solution for link in each.iter(f"{XHTML}a") if link.get("class") == "number"] == [number]


def test_the_page_has_dark_and_print_styles_and_scrolls_what_is_wide() -> None:
    styles = " ".join(words(element) for element in tree("two_node").iter(f"{XHTML}style"))
    assert "prefers-color-scheme: dark" in styles
    assert "@media print" in styles
    assert re.search(r"\.scroll \{[^}]*overflow-x: auto", styles)
    for equation in equations("two_node"):
        parent = next(element for element in equation if element.find(f"{XHTML}math") is not None)
        assert parent.get("class") == "scroll"


def test_the_same_bytes_each_time() -> None:
    assert page(sheet("two_node")) == text("two_node")


def test_a_users_style_and_a_users_page_come_first(tmp_path: Path) -> None:
    (tmp_path / "worksheet.css.jinja").write_text("h1 { color: teal; }\n", encoding="utf-8")
    styled = page(sheet("two_node"), tmp_path)
    assert "h1 { color: teal; }" in styled
    assert "overflow-x" not in styled
    fields = "{{ view.language }}|{{ view.title }}|{{ view.subtitle }}|{{ view.family }}|{{ view.font[:20] }}|{{ view.body[:3] }}"
    (tmp_path / "worksheet.html.jinja").write_text(fields, encoding="utf-8")
    own = page(document("<&>", sheet("two_node").blocks, sheet("two_node").notation), tmp_path)
    assert own == "en|&lt;&amp;&gt;||Symprop Math|data:font/woff2;base|<h2"


def test_a_mistake_in_a_users_page_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "worksheet.html.jinja").write_text("\n{{ view.nothing }}", encoding="utf-8")
    with pytest.raises(InputError, match=r"worksheet\.html\.jinja, line 2"):
        page(sheet("two_node"), tmp_path)
