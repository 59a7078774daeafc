"""The tables of what a spec may choose by name: initialisers, optimisers, number formats.

Input: nothing. Output: for each choice its options, each with its default text; a text of None must be given.
"""

from __future__ import annotations

from collections.abc import Mapping

INITIALIZERS: Mapping[str, Mapping[str, str | None]] = {
    "legacy_uniform": {"scale": "1"},  # np.random.random(shape)*scale after np.random.seed(seed)
}
OPTIMIZERS: Mapping[str, Mapping[str, str | None]] = {
    "sgd": {},
}
DTYPES = ("float64", "float32")
