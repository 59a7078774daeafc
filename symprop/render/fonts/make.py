"""How `symprop-math.woff2` is made: `python -m symprop.render.fonts.make latinmodern-math.otf`.

Input: Latin Modern Math (Debian's fonts-lmodern has it) and the packages fonttools and brotli. Output: the subset beside this file.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from symprop.render.fonts import FAMILY, FILE

# What symprop.notation can write: ranges of code points, last one included.
GLYPHS: dict[str, tuple[tuple[int, int], ...]] = {
    "Latin letters, digits, ASCII signs": ((0x20, 0x7E),),
    "spaces and invisible operators": ((0xA0, 0xA0), (0x2009, 0x2009), (0x2061, 0x2062)),
    "accents": ((0xAF, 0xAF),),
    "Greek letters": ((0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9)),
    "primes": ((0x2032, 0x2032),),
    "arrows": ((0x2190, 0x2190), (0x2192, 0x2192)),
    "operators": ((0x2202, 0x2202), (0x2211, 0x2212), (0x221A, 0x221A), (0x2299, 0x2299), (0x22A4, 0x22A4), (0x22C5, 0x22C5)),
    "relations": ((0x2248, 0x2248), (0x2264, 0x2265)),
    "dots": ((0x22EE, 0x22EF),),
    "italic Latin letters": ((0x1D434, 0x1D454), (0x1D456, 0x1D467), (0x210E, 0x210E)),
    "italic Greek letters": ((0x1D6E2, 0x1D71B),),
}
PARTIAL, ITALIC_PARTIAL = 0x2202, 0x1D715
DESCRIPTION = "A subset of Latin Modern Math 1.959, renamed as the GUST Font License asks"
NAMES = {1: FAMILY, 3: f"{FAMILY} subset", 4: FAMILY, 6: FAMILY.replace(" ", "")}


def code_points() -> list[int]:
    """Every code point of the subset, in order."""
    return [point for ranges in GLYPHS.values() for first, last in ranges for point in range(first, last + 1)]


def make(source: Path, target: Path) -> None:
    """Subset with the MATH table and its stretched variants, rename, and draw the partial sign in italics as TeX does."""
    subset: Any = importlib.import_module("fontTools.subset")  # untyped, and needed by nobody else
    # the alternates for scripts (ssty) are most of the size, and Chromium does not use them
    options = subset.Options(hinting=False, desubroutinize=True, layout_features=[], drop_tables=["FFTM"], flavor="woff2")
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=code_points())
    subsetter.subset(font)
    for table in font["cmap"].tables:
        table.cmap[PARTIAL] = table.cmap.get(ITALIC_PARTIAL, table.cmap[PARTIAL])
    _rename(font)
    subset.save_font(font, str(target), options)


def _rename(font: Any) -> None:
    for record in font["name"].names:
        record.string = NAMES.get(record.nameID, record.toUnicode())
    font["name"].setName(DESCRIPTION, 10, 3, 1, 0x409)
    compact = font["CFF "].cff
    compact.fontNames = [NAMES[6]]
    compact.topDictIndex[0].FullName = compact.topDictIndex[0].FamilyName = FAMILY


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(__file__).with_name(FILE))
