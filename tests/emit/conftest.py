"""The bundled networks as generated modules, rendered to a temporary folder and loaded by path."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from symprop.derive import derive
from symprop.emit import module
from symprop.graph import Network
from symprop.spec import load

Loader = Callable[[str], ModuleType]


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"generated_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="session")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Network], ModuleType]:
    """Any network as a loaded module."""
    folder = tmp_path_factory.mktemp("generated")

    def make(network: Network) -> ModuleType:
        path = folder / f"{network.id.replace('-', '_')}_{len(list(folder.iterdir()))}.py"
        path.write_text(module(derive(network)), encoding="utf-8")
        return loaded(path)

    return make


@pytest.fixture(scope="session")
def generated(emitted: Callable[[Network], ModuleType]) -> Loader:
    """A bundled network as a loaded module."""
    return cache(lambda net: emitted(load(net)))
