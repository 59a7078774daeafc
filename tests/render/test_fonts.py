"""The font inside the page: renamed, licensed, small, and holding every character that a worksheet sets."""

import base64
import importlib
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from symprop.render import fonts
from symprop.render.fonts import make
from symprop.render.page import page

from .worksheets import NETWORKS, sheet

FOLDER = Path(fonts.__file__).parent
SOURCE = Path("/usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf")  # Debian's fonts-lmodern
XHTML = "{http://www.w3.org/1999/xhtml}"


def italic(letter: str) -> int:
    """The code point from which a browser takes the letter of an `mi` of one character."""
    if letter == "h":
        return 0x210E  # the hole in the block, filled by Planck's constant
    starts = {"A": 0x1D434, "a": 0x1D44E, "\u0391": 0x1D6E2, "\u03b1": 0x1D6FC}
    first = max((start for start in starts if start <= letter), default="A")
    return starts[first] + ord(letter) - ord(first)


def test_the_page_carries_the_font_file() -> None:
    head, content = fonts.data_url().split(",")
    assert head == "data:font/woff2;base64"
    assert base64.b64decode(content) == (FOLDER / fonts.FILE).read_bytes()
    assert base64.b64decode(content)[:4] == b"wOF2"
    assert len(content) <= 100_000


@pytest.mark.parametrize("net", NETWORKS)
def test_every_character_of_the_mathematics_is_in_the_font(net: str) -> None:
    known = set(make.code_points())
    for math in ElementTree.fromstring(page(sheet(net))).iter(f"{XHTML}math"):
        for leaf in math.iter():
            text = leaf.text or ""
            if leaf.tag == f"{XHTML}mi" and len(text) == 1 and leaf.get("mathvariant") is None:
                assert italic(text) in known, text
            elif leaf.tag in (f"{XHTML}mi", f"{XHTML}mn", f"{XHTML}mo"):
                assert set(map(ord, text)) <= known, text


def test_the_manifest_says_what_the_font_is() -> None:
    manifest = (FOLDER / "MANIFEST-symprop-math.txt").read_text(encoding="utf-8")
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", manifest.partition("\nGlyphs\n")[2])
    listed = [point for first, last in ranges for point in range(int(first, 16), int(last or first, 16) + 1)]
    assert listed == make.code_points()
    assert fonts.FAMILY in manifest
    assert "GUST Font License" in manifest
    assert "LaTeX Project Public License" in (FOLDER / "GUST-FONT-LICENSE.txt").read_text(encoding="utf-8")


def opened(path: Path) -> Any:
    pytest.importorskip("brotli", reason="a woff2 file is compressed with brotli")
    pytest.importorskip("fontTools", reason="fonttools reads fonts")
    return importlib.import_module("fontTools.ttLib").TTFont(path)


def test_the_font_is_renamed_and_keeps_its_mathematics() -> None:
    font = opened(FOLDER / fonts.FILE)
    assert {record.toUnicode() for record in font["name"].names if record.nameID in (1, 4, 16)} == {fonts.FAMILY}
    assert "MATH" in font
    assert sorted(font.getBestCmap()) == sorted(make.code_points())
    assert font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs


@pytest.mark.skipif(not SOURCE.exists(), reason="Latin Modern Math is not installed")
def test_the_command_of_the_manifest_makes_this_font(tmp_path: Path) -> None:
    made = tmp_path / "made.woff2"
    font = opened(FOLDER / fonts.FILE)
    make.make(SOURCE, made)
    again = opened(made)
    assert again.getGlyphOrder() == font.getGlyphOrder()
    assert again.getBestCmap() == font.getBestCmap()
