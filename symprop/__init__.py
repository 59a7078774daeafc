"""Exact gradients of neural networks, read four ways: worked example, code, marker, auditor.

`import symprop` loads nothing else; each public name is imported when it is first asked for.
"""

from __future__ import annotations

__version__ = "0.1.0"
