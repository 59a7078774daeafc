"""Markdown: what a CommonMark parser makes of it, and nothing that GitHub refuses."""

import re
from functools import cache

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from symprop.notation import Notation
from symprop.notation.latex import latex_rows
from symprop.render.curves import Chart, Series
from symprop.render.document import Code, Display, Figure, Heading, Table, all_blocks, document
from symprop.render.rows import display_rows
from symprop.render.writers.markdown import inline, markdown

from .worksheets import NETWORKS, derivation, sheet

each_network = pytest.mark.parametrize("net", NETWORKS)
# refused by GitHub's MathJax: https://github.com/github/markup/issues/1688 and the issues linked there
REFUSED = {"operatorname", "mbox", "phantom", "def", "newcommand", "let", "href", "class", "style", "unicode", "require"}


@cache
def text(net: str) -> str:
    return markdown(sheet(net))


@cache
def tokens(net: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text(net))


def displays(net: str) -> list[Display]:
    return [block for block in all_blocks(sheet(net).blocks) if isinstance(block, Display)]


def plain(parsed: list[Token]) -> str:
    """The text of a parsed paragraph, without its markup."""
    return "".join(child.content for token in parsed for child in token.children or () if child.type in ("text", "code_inline"))


@each_network
def test_fences_keep_the_mathematics_untouched(net: str) -> None:
    fences = [token.content for token in tokens(net) if token.type == "fence" and token.info == "math"]
    wanted = [latex_rows(display_rows(display, sheet(net).notation)) for display in displays(net)]
    assert len(fences) == len(wanted)
    for fence, rows in zip(fences, wanted, strict=True):
        written = re.sub(r"\\mathop\{\\mathrm\{(\w+)\}\}", r"\\operatorname{\1}", fence)
        assert written == f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n"


@each_network
def test_inline_mathematics_is_code_between_dollars(net: str) -> None:
    for token in tokens(net):
        children = token.children or []
        for place, child in enumerate(children):
            if child.type == "code_inline" and "\\" in child.content:
                assert children[place - 1].content.endswith("$")
                assert children[place + 1].content.startswith("$")


@each_network
def test_nothing_is_used_that_github_refuses(net: str) -> None:
    assert set(re.findall(r"\\([A-Za-z]+)", text(net))) & REFUSED == set()
    assert r"\tag" not in text(net)
    assert r"\label" not in text(net)


@each_network
def test_every_equation_has_its_number_above_it(net: str) -> None:
    numbers = [int(number) for number in re.findall(r"^\*\*\((\d+)\)\*\*.*\n\n```math$", text(net), re.MULTILINE)]
    assert numbers == [display.number for display in displays(net)]


@each_network
def test_headings_tables_and_figures_arrive(net: str) -> None:
    blocks = list(all_blocks(sheet(net).blocks))
    kinds = [token.type for token in tokens(net)]
    assert kinds.count("heading_open") == 1 + sum(isinstance(block, Heading) for block in blocks)
    drawn = [block for block in blocks if isinstance(block, Figure)]
    assert all(" ".join(block.description.split()) in plain(tokens(net)) for block in drawn)
    tables = [block for block in blocks if isinstance(block, Table)]
    assert kinds.count("table_open") >= len(tables)
    assert kinds.count("td_open") >= sum(len(row) for block in tables for row in block.rows)


def test_the_network_is_a_mermaid_flowchart() -> None:
    [chart] = [token.content for token in tokens("step_by_step") if token.info == "mermaid"]
    assert chart.startswith("flowchart LR\n")
    assert chart.count(" -- ") == 8
    assert '"w5 = 0.40"' in chart


@pytest.mark.parametrize(
    "words",
    [
        "1. not a list",
        "12) nor this",
        "- nor this",
        "+ or this",
        "# no heading",
        "= no rule",
        "a *b* _c_ `d` [e](f) <g> ![h](i) $j$ k|l ~~m~~ &amp; &#35; \\n",
        "<details>",
        "***",
    ],
)
def test_running_text_stays_what_it_is(words: str) -> None:
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(inline((words,), sheet("two_node")))
    assert [token.type for token in parsed] == ["paragraph_open", "inline", "paragraph_close"]
    assert plain(parsed) == words
    assert {child.type for child in parsed[1].children or ()} <= {"text", "text_special"}


def test_the_awkward_title_arrives() -> None:
    title = tokens("awkward")[1]
    assert plain([title]) == sheet("awkward").title


def test_code_is_code() -> None:
    parsed = MarkdownIt("commonmark").parse(inline(("run ", Code("symprop list"), "!"), sheet("two_node")))
    assert [child.type for child in parsed[1].children or ()] == ["text", "code_inline", "text"]


def test_a_solution_folds() -> None:
    assert text("folded").count("<details><summary>") == text("folded").count("</details>") > 8
    opened = [token.content for token in tokens("folded") if token.type == "html_block" and "<summary>" in token.content]
    assert all(re.fullmatch(r"<details><summary>\(\d+\) .* \?</summary>\n?", content) for content in opened)


def test_a_table_of_a_training_is_not_told_as_a_drawing() -> None:
    """It has no dashed lines, and other iterations than those that are drawn."""
    page = text("step_by_step")
    assert "dashed" not in page and "one step in" not in page
    assert "\nThe outputs before each step\n\n| iteration |" in page
    assert "\n*The outputs before each step over iterations 1 to " in page


def test_a_table_of_many_weights_tells_how_many_are_not_in_it() -> None:
    series = tuple(Series(f"w{place}", ((0.5, 0.25),)) for place in range(1, 10))
    notation = Notation.of(derivation("four_three_two").network)
    page = markdown(document("", [Figure("curves", "Drawn.", "Told.", Chart("The weights", (1, 2), series))], notation))
    assert "\nThe weights, 8 of 9\n\n| iteration |" in page and page.endswith("\n\n*Told.*\n")
