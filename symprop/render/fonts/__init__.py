"""The mathematics font that an HTML page carries along: a subset of Latin Modern Math under a name of its own.

Input: nothing. Output: the font's family name and the font as a data URL; MANIFEST-symprop-math.txt says how it was made.
"""

from __future__ import annotations

import base64
from importlib.resources import files

FAMILY = "Symprop Math"
FILE = "symprop-math.woff2"


def data_url() -> str:
    """The font file as a `data:` URL, so that a page needs no other file."""
    content = files(__name__).joinpath(FILE).read_bytes()
    return f"data:font/woff2;base64,{base64.b64encode(content).decode()}"
