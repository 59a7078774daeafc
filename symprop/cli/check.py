"""`symprop check`: one answer, or the answers of a class, marked.

Input: a network, and a quantity with an answer, or a file of answers. Output: the verdict (exit 0 correct, 1 not correct,
5 undecided), or the results of the class (exit 0).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from symprop.cli.networks import load_network
from symprop.cli.output import print_json
from symprop.errors import UsageError

if TYPE_CHECKING:
    from symprop.check import Convention, Form, Verdict
    from symprop.graph import Network
    from symprop.language import Notation

FORMS = ("gradient", "step", "new-value", "value")
CONVENTIONS = ("sign", "half", "mean")
MOST_BYTES = 1_000_000  # of an answer on standard input; the reader refuses far shorter ones in its own words


@click.command(context_settings={"ignore_unknown_options": True})  # an answer may begin with a minus sign
@click.argument("net")
@click.argument("quantity", required=False)
@click.argument("answer", required=False, type=click.UNPROCESSED)
@click.option("--as", "as_", type=click.Choice(FORMS), help="What the answer is; else worked out.")
@click.option("--update", default="document", show_default=True, help="The update rule that new values follow.")
@click.option("--notation", type=click.Choice(["auto", "python", "latex"]), default="auto", show_default=True)
@click.option("--convention", "conventions", type=click.Choice(CONVENTIONS), multiple=True, help="Announced: also right.")
@click.option("--reveal", is_flag=True, help="Show formulas, quotients, values and certificates: they give the solution away.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema symprop.check/1).")
def check(
    net: str,
    quantity: str | None,
    answer: str | None,
    as_: Form | None,
    update: str,
    notation: Notation,
    conventions: tuple[Convention, ...],
    reveal: bool,
    as_json: bool,
) -> int:
    """Mark ANSWER for QUANTITY of NET: proved right, proved wrong and why, or undecided.

    QUANTITY is a weight, an entry (Wo[1,1]) or any named quantity; ANSWER is a formula in Python notation, LaTeX or Unicode,
    a number, or - for standard input.
    """
    if quantity is None or answer is None:
        raise click.UsageError("expected a QUANTITY and an ANSWER")
    network = load_network(net)
    text = _stdin() if answer == "-" else answer
    verdict = _marked(network, quantity, text, as_, update, notation, conventions, reveal)
    if as_json:
        print_json("symprop.check/1", {"network": network.id, "answer": text, **verdict.as_json()})
    else:
        click.echo("\n".join(verdict.lines()))
    return verdict.exit_code


def _stdin() -> str:
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UsageError(f"the answer on standard input has more than {MOST_BYTES} bytes")
    try:
        return data.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise UsageError(f"the answer on standard input is not UTF-8 text (byte {error.start})") from None


def _marked(
    network: Network,
    quantity: str,
    text: str,
    as_: Form | None,
    update: str,
    notation: Notation,
    conventions: tuple[Convention, ...],
    reveal: bool,
) -> Verdict:
    from symprop.check.answer import read_answer
    from symprop.check.asked import ask
    from symprop.check.vocabulary import Vocabulary

    vocabulary = Vocabulary(network)
    read_answer(vocabulary, ask(vocabulary, quantity, as_), text, notation)  # refused before SymPy is loaded
    from symprop.check.marker import Marker
    from symprop.derive import derive

    marker = Marker(derive(network), update)
    return marker.check(quantity, text, as_=as_, notation=notation, conventions=conventions, reveal=reveal)
