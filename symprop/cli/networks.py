"""NET on the command line: a bundled id, a path, or standard input.

Input: the word. Output: a `Network`, and its `Derivation`; what the shell may complete the word to.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from symprop.errors import InputError

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

    from symprop.derive import Derivation
    from symprop.graph import Network

STANDARD_INPUT = "standard input"


def load_network(net: str, style: str = "") -> Network:
    """The network that NET names, where a style is given in that; `-` reads the spec from standard input."""
    from symprop.spec import build, read_spec, spec_of

    spec = read_spec(_stdin_text(), STANDARD_INPUT) if net == "-" else spec_of(net)
    if style:
        from symprop.emit.styles import restyled

        spec = restyled(spec, style)
    return build(spec)


def derivation_of(net: str, style: str = "") -> Derivation:
    """The derivation of the network that NET names."""
    network = load_network(net, style)
    from symprop.derive import derive

    return derive(network)


def completions(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The bundled networks that begin so, and the shell's own names of files."""
    from click.shell_completion import CompletionItem

    from symprop.spec import bundled

    return [*(CompletionItem(net) for net in bundled() if net.startswith(begun)), CompletionItem(begun, type="file")]


def _stdin_text() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{STANDARD_INPUT}: expected a TOML text in UTF-8, got other bytes") from None
