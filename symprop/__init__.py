"""Exact gradients of neural networks, read four ways: worked example, code, marker, auditor.

`import symprop` loads nothing else; each public name is imported when it is first asked for:

    derivation = symprop.derive.derive(symprop.load("two_node"))
    verdict = symprop.check.check(derivation, "w0", "w0 - alpha*(out - target)*s0")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symprop import audit, check, derive, emit, render, spec
    from symprop.check import Verdict
    from symprop.derive import Derivation, Gradient
    from symprop.errors import InputError, MissingToolError, SympropError, TextError, UnsupportedError, UsageError
    from symprop.graph import Network
    from symprop.spec import bundled, load, network

__version__ = "0.1.0"
__all__ = [
    "Derivation", "Gradient", "InputError", "MissingToolError", "Network", "SympropError", "TextError", "UnsupportedError",
    "UsageError", "Verdict", "audit", "bundled", "check", "derive", "emit", "load", "network", "render", "spec",
]

_PACKAGES = ("audit", "check", "derive", "emit", "render", "spec")
_HOMES = {
    "symprop.check": ("Verdict",),
    "symprop.derive": ("Derivation", "Gradient"),
    "symprop.errors": ("InputError", "MissingToolError", "SympropError", "TextError", "UnsupportedError", "UsageError"),
    "symprop.graph": ("Network",),
    "symprop.spec": ("bundled", "load", "network"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name in _PACKAGES:
        return importlib.import_module(f"symprop.{name}")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'symprop' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
