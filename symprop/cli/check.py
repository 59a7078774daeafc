"""`symprop check`: one answer, a table of numbers, or the answers of a class, marked.

Input: a network, and a quantity with an answer, or steps with numbers, or a file of answers. Output: the verdict (exit 0
correct, 1 not correct, 5 undecided), or the results of the class (exit 0).
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from symprop.check.sheets import network_of_sheet
from symprop.cli.marking import FORMATS, ClassOptions, mark_class
from symprop.cli.networks import completions, load_network
from symprop.cli.output import print_json
from symprop.errors import UsageError

if TYPE_CHECKING:
    from symprop.check import Convention, Form
    from symprop.check.answer import Answer
    from symprop.check.marker import Marker
    from symprop.graph import Network
    from symprop.language import Notation

MOST_BYTES = 1_000_000  # of an answer on standard input; the reader refuses far shorter ones in its own words
FILE = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What the command line says about one answer."""

    as_: Form | None
    update: str
    notation: Notation
    conventions: tuple[Convention, ...]
    reveal: bool
    as_json: bool
    digits: int


@click.command(context_settings={"ignore_unknown_options": True})  # an answer may begin with a minus sign
@click.argument("net", shell_complete=completions)
@click.argument("words", metavar="[QUANTITY ANSWER]", nargs=-1, type=click.UNPROCESSED)
@click.option("--as", "as_", type=click.Choice(["gradient", "step", "new-value", "value"]), help="What the answer is.")
@click.option("--update", default="document", show_default=True, help="The update rule that new values follow.")
@click.option("--notation", type=click.Choice(["auto", "python", "latex"]), default="auto", show_default=True)
@click.option("--convention", "conventions", type=click.Choice(["sign", "half", "mean"]), multiple=True, help="Also right.")
@click.option("--digits", type=click.IntRange(1, 15), default=2, show_default=True, help="Significant digits that a number needs.")
@click.option("--reveal", is_flag=True, help="Show formulas, quotients, values and certificates: they give the solution away.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema symprop.check/1).")
@click.option("--key", "keys", type=FILE, multiple=True, help="Mark by the numbers of the drawn sheet that this key belongs to.")
@click.option("--sheet", default="", metavar="ID", help="The id on the answered sheet: it must be the key's.")
@click.option("--answers", type=FILE, help="A class: a .csv, .json or .toml file with student, quantity and answer.")
@click.option("--out", type=FILE, help="A class: where the report goes; a folder for gradescope and prairielearn. Default: stdout.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="csv", show_default=True, help="A class: the report.")
@click.option("--chart", type=FILE, help="A class: a bar chart of the mistakes (extra plot).")
@click.option("--journal", type=FILE, help="A class: where an interrupted run goes on; kept when named.")
@click.option("--workers", type=click.IntRange(1, 256), help="A class: processes; default: all.")
@click.option("--memory", type=click.IntRange(0), default=2048, show_default=True, help="A class: MiB of each worker; 0: no limit.")
@click.option("--seconds", type=click.FloatRange(0.1), default=20.0, show_default=True, help="A class: time for one answer.")
@click.option("--dask", metavar="ADDRESS", help="A class: mark on a Dask cluster (extra dask).")
def check(net: str, words: tuple[str, ...], **given: Any) -> int:
    """Mark ANSWER for QUANTITY of NET: proved right, proved wrong and why, or undecided.

    QUANTITY is a weight, an entry (Wo[1,1]) or any named quantity; ANSWER is a formula in Python notation, LaTeX or Unicode,
    a number, or - for standard input; QUANTITY=FORMULA is the same. Words NAME=NUMBER are a table of steps, marked with credit
    for what follows.
    A sheet with drawn numbers is marked by its key; a class may have several keys, and a column "sheet" with the sheets' ids.
    """
    options = AnswerOptions(*(given[name] for name in ("as_", "update", "notation", "conventions", "reveal", "as_json", "digits")))
    network = load_network(net)
    sheets = _sheets(network, given["keys"])
    if given["answers"] is not None:
        return _mark_class(network, sheets, words, options, given)
    network = network_of_sheet(network, sheets, given["sheet"])
    named = _named_answer(words)
    if named is not None:
        answer = _read(network, *named, options)
        if len(words) == 2 or not _is_number(answer):
            return _mark_answer(network, *named, options)
    if words and all(map(_is_step, words)):
        return _mark_table(network, words, options)
    raise click.UsageError("expected QUANTITY and ANSWER, or words NAME=NUMBER, or --answers FILE")


def _is_step(word: str) -> bool:
    return word.partition("=")[1] == "=" and not word.startswith("=")


def _named_answer(words: tuple[str, ...]) -> tuple[str, str] | None:
    """The quantity and the answer of `w0 -alpha*delta_1*s0` or `w0=-alpha*delta_1*s0`."""
    if len(words) == 1 and _is_step(words[0]):
        quantity, _, text = words[0].partition("=")
    elif len(words) == 2 and not _is_step(words[0]):
        quantity, text = words
    else:
        return None
    return quantity.strip(), _stdin() if text.strip() == "-" else text


def _read(network: Network, quantity: str, text: str, options: AnswerOptions) -> Answer | None:
    """The answer, None for a misfit; malformed ones are refused before SymPy is loaded."""
    from symprop.check.answer import Misfit, read_answer
    from symprop.check.asked import ask
    from symprop.check.vocabulary import Vocabulary

    vocabulary = Vocabulary(network)
    with suppress(Misfit):  # the marker says what would put it right
        return read_answer(vocabulary, ask(vocabulary, quantity, options.as_), text, options.notation)
    return None


def _is_number(answer: Answer | None) -> bool:
    """Whether an answer writes out a number: `x1=4` is a table of one step."""
    from symprop.check.numbers import number_of

    return answer is not None and number_of(answer) is not None


def _sheets(network: Network, keys: tuple[Path, ...]) -> dict[str, Network]:
    """The network with the numbers of drawn sheets, by the sheets' ids."""
    if not keys:
        return {}
    from symprop.artefacts.key import read_key

    return {key.sheet: key.network for key in (read_key(network, path) for path in keys)}


def _mark_class(
    network: Network, sheets: dict[str, Network], words: tuple[str, ...], options: AnswerOptions, given: dict[str, Any]
) -> int:
    from symprop.check.batch.work import Job

    if words:
        raise click.UsageError(f"--answers takes no QUANTITY and ANSWER, got '{words[0]}'")
    if given["sheet"]:
        raise click.UsageError("--answers takes no --sheet: a column 'sheet' of the file says whose numbers a row is marked by")
    _keep_what_is_read(given)
    taken = ("answers", "out", "format_", "journal", "chart", "workers", "memory", "seconds", "dask")
    job = Job(network, options.update, options.conventions, options.reveal, sheets, options.digits)
    mark_class(job, ClassOptions(*(given[name] for name in taken)))
    return 0


def _keep_what_is_read(given: dict[str, Any]) -> None:
    """Refuse to write over the answers of the class, or over a key."""
    read = {path.resolve() for path in (given["answers"], *given["keys"])}
    for option in ("out", "journal", "chart"):
        if given[option] is not None and given[option].resolve() in read:
            raise UsageError(f"--{option}: expected another file than the answers and the keys, got '{given[option]}'")


def _mark_answer(network: Network, quantity: str, text: str, options: AnswerOptions) -> int:
    verdict = _marker(network, options).check(
        quantity, text, as_=options.as_, notation=options.notation, conventions=options.conventions, reveal=options.reveal
    )
    if options.as_json:
        print_json("symprop.check/1", {"network": network.id, "answer": text, **verdict.as_json()})
    else:
        click.echo("\n".join(verdict.lines()))
    return verdict.exit_code


def _mark_table(network: Network, words: tuple[str, ...], options: AnswerOptions) -> int:
    numbers = {name.strip(): text for name, _, text in (word.partition("=") for word in words)}
    table = _marker(network, options).check_table(numbers)
    if options.as_json:
        steps = [{**each.verdict.as_json(), "follows": each.follows} for each in table.steps]
        content = {"network": network.id, "steps": steps, "first_wrong": table.first_wrong, "credit": float(table.credit)}
        print_json("symprop.check.table/1", content)
    else:
        click.echo("\n".join(table.lines()))
    return table.exit_code


def _marker(network: Network, options: AnswerOptions) -> Marker:
    from symprop.check.marker import Marker
    from symprop.derive import derive

    return Marker(derive(network), options.update, options.digits)


def _stdin() -> str:
    data = cast(bytes, sys.stdin.buffer.read(MOST_BYTES + 1))
    if len(data) > MOST_BYTES:
        raise UsageError(f"the answer on standard input has more than {MOST_BYTES} bytes")
    try:
        return data.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise UsageError(f"the answer on standard input is not UTF-8 text (byte {error.start})") from None
