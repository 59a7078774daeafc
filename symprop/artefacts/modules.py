"""Generated modules, used: loaded from their file as a student would, never imported as part of symprop.

Input: the path of a generated module. Output: the module.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType


def load_module(path: Path) -> ModuleType:
    """The module in this file, run once; it is not put among the imported modules."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None, path
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
