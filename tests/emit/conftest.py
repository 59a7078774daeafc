"""The bundled networks as generated modules, rendered to a temporary folder and loaded by path."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from symprop.derive import derive
from symprop.emit import module
from symprop.graph import Network
from symprop.spec import load

from .agreement import Modules

Loader = Callable[[str], ModuleType]


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"generated_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def modules(target: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Modules]:
    """The modules of a `target`. Numba's functions are run as they stand, as Python: compiling all of them would take minutes."""
    with pytest.MonkeyPatch.context() as patch:
        if target == "numba":
            numba = pytest.importorskip("numba", reason="the numba target's modules need numba: pip install numba")
            patch.setattr(numba.config, "DISABLE_JIT", True)
        if target in ("jax", "torch"):
            pytest.importorskip(target, reason=f"the {target} target's modules need it: pip install {target}")
        if target == "c" and not shutil.which("cc"):
            pytest.skip("the C target's modules need a C compiler: apt-get install gcc")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield Modules(tmp_path_factory.mktemp(target))


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
