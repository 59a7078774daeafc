"""Where specs come from: the six that ship with the package, files, and Python.

Input: a bundled id, a path, a text, or keyword tables. Output: a `Spec`, or the `Network` it describes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from symprop.errors import InputError, suggestion
from symprop.graph import Network
from symprop.spec.build import Spec, build
from symprop.spec.problems import quoted
from symprop.spec.values import Written

BUNDLED = ("two_node", "xor_class", "four_three_two", "step_by_step", "single_layer", "hidden_layer")
NETWORKS = Path(__file__).parent / "networks"
LARGEST_FILE = 8_000_000  # bytes
# What a line that is no TOML looks like, and what would put it right.
SLIPS: tuple[tuple[str, str], ...] = (
    (r"[^=]*[^\x00-\x7f][^=]*=", "names are of ASCII letters, digits and underscores"),
    (r"[^=]*=[\s\[]*[\u2212\u2013]", "a minus is a hyphen: -0.5"),
    (r"[^=]*=[\s\[]*[\u201c\u201d\u201e]", 'a text stands in straight quotes: "..."'),
    (r"[^=]*=\s*(True|False)\b", "true and false have small letters"),
    (r"[^=]*=\s*[A-Za-z_]\w*\s*(#|$)", "a text stands in quotes"),
    (r"[^=]*=\s*[-+]?\d+,\d", "a number has a decimal point"),
    (r"[^=]*=(.*[^\w.])?(\.\d|\d+\.(?!\d))", "a number has digits before and after its point"),
    (r"[^=]*=\s*[-+]?[\d.]+\s*[-+*/^]", "a number is written out, without arithmetic"),
    (r"\[(layers|updates|claims)\]", "each of several such tables has double brackets"),
)


def bundled() -> tuple[str, ...]:
    """The ids of the bundled networks, in the documents' order."""
    return BUNDLED


def load(net: str | Path) -> Network:
    """The network with a bundled id, or the one that the TOML file at a path describes.

    Raises `InputError` (every problem, one line each) where the file is missing, unreadable or wrong.
    """
    return build(spec_of(net))


def spec_of(net: str | Path) -> Spec:
    """The spec of a bundled id or of the TOML file at a path. Raises `InputError` where the file is missing or unreadable."""
    if isinstance(net, str) and net in BUNDLED:
        return read_spec(_bundled_text(net), net)
    shown = str(net) or "(no name)"
    return read_spec(_file_text(Path(net), shown), shown)


def network(**words: object) -> Network:
    """The network that the tables of a spec describe, given as keyword arguments with the same words as in TOML.

    A NumPy array is the list of its rows. Raises `InputError` with a line for each problem, as `load` does.
    """
    name = str(words.get("id", "network"))
    try:
        return build(Spec({key: _plain(word) for key, word in words.items()}, name))
    except RecursionError:
        raise InputError(f"{name}: expected tables and numbers, got lists nested too deep") from None


def _plain(value: object) -> object:
    """The value with Python's own numbers and lists for NumPy's, without importing NumPy."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value.tolist() if hasattr(value, "tolist") else value


def read_spec(text: str, source: str) -> Spec:
    """The tables of a TOML text, numbers with their digits as written; `source` names the text in messages."""
    try:
        text = text.removeprefix("\ufeff")  # the mark with which some editors begin a file
        return Spec(tomllib.loads(text, parse_float=Written), source)
    except RecursionError:
        raise InputError(f"{source}: expected TOML, got lists nested too deep") from None
    except tomllib.TOMLDecodeError as refusal:
        raise InputError(f"{source}: expected TOML, got: {refusal}{_line_of(refusal, text)}") from None
    except ValueError:  # the one other case: Python reads no integer of that many digits
        raise InputError(f"{source}: expected numbers that fit a double, got an integer of thousands of digits") from None


def _line_of(refusal: tomllib.TOMLDecodeError, text: str) -> str:
    """The line that is no TOML, quoted; only `tomllib`'s words say which it is."""
    place = re.search(r"\(at line (\d+), column \d+\)", str(refusal))
    lines = text.split("\n")
    if place is None or int(place[1]) > len(lines):
        return ""
    line = lines[int(place[1]) - 1].strip()
    hint = next((f"; {right}" for slip, right in SLIPS if re.match(slip, line)), "")
    return f" in '{quoted(line)}'{hint}" if line else ""


def _bundled_text(name: str) -> str:
    return (NETWORKS / f"{name}.toml").read_text(encoding="utf-8")


def _file_text(path: Path, shown: str) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{quoted(shown)}: expected a spec of at most {LARGEST_FILE} bytes, got {path.stat().st_size}")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{quoted(shown)}: expected a TOML file in UTF-8, got other bytes") from None
    except FileNotFoundError:
        hint = f"; did you mean '{shown}.toml'?" if Path(f"{path}.toml").is_file() else suggestion(shown, BUNDLED)
        raise InputError(f"{quoted(shown)}: expected a bundled network or the path of a spec, got no such file{hint}") from None
    except (OSError, ValueError) as refusal:  # a directory, no permission, a null byte in the path
        reason = refusal.strerror if isinstance(refusal, OSError) and refusal.strerror else str(refusal)
        raise InputError(f"{quoted(shown)}: expected a readable file, got: {reason}") from None
