"""Generated modules in use: loaded from their text as a student would run them, never imported as part of symprop.

Input: a module's text or file. Output: the module.
"""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path
from types import ModuleType


def load_module(path: Path) -> ModuleType:
    """The module in this file, run once; it is not put among the imported modules."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None, path
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def module_of(text: str) -> ModuleType:
    """The module with this text, through a file in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "network.py")
        path.write_text(text, encoding="utf-8")
        return load_module(path)
