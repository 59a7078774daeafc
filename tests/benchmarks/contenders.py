"""Who runs: our generated modules and the peers they are measured against.

Input: nothing. Output: `CONTENDERS`, one row for each.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

SMALL = ("two_node", "step_by_step", "hidden_layer")


@dataclass(frozen=True)
class Contender:
    """A peer: a module of `baselines`; a generated module: a `target` of symprop. `slow` ones are left out by --quick."""

    name: str
    title: str
    needs: tuple[str, ...] = ()
    target: str | None = None
    nets: tuple[str, ...] = (*SMALL, "digits")
    slow: bool = False

    def missing(self) -> str | None:
        """Why it cannot run here."""
        absent = [name for name in self.needs if name != "cc" and importlib.util.find_spec(name) is None]
        if absent:
            return f"{', '.join(absent)} not installed"
        if "cc" in self.needs:
            import shutil

            return None if shutil.which("cc") else "no C compiler"
        return None


BASELINE = "numpy_documents"
_ROWS = (
    Contender(BASELINE, "NumPy, documents' style"),
    Contender("tuned_numpy", "NumPy, tuned by hand", nets=("digits",)),
    Contender("pure_python", "pure Python, math.exp", nets=SMALL),
    Contender("numba_loops", "numba loops by hand", ("numba",), nets=SMALL),
    Contender("hand_written", "C by hand", ("cc",), nets=SMALL),
    Contender("hand_written_fast", "C by hand, -ffast-math", ("cc",), nets=SMALL),
    Contender("jax_loop", "JAX loop by hand", ("jax",)),
    Contender("casadi_folded", "CasADi folded, as C", ("casadi", "cc"), nets=SMALL),
    Contender("torch_eager", "PyTorch eager", ("torch",), slow=True),
    Contender("autograd_eager", "autograd", ("autograd",), nets=("step_by_step", "hidden_layer", "digits"), slow=True),
    Contender("symprop_numpy", "symprop, numpy", target="numpy"),
    Contender("symprop_python", "symprop, python", target="python", nets=SMALL),
    Contender("symprop_numba", "symprop, numba", ("numba",), target="numba"),
    Contender("symprop_c", "symprop, c", ("cc",), target="c"),
    Contender("symprop_jax", "symprop, jax", ("jax",), target="jax"),
    Contender("symprop_torch", "symprop, torch", ("torch",), target="torch", slow=True),
)
CONTENDERS = {row.name: row for row in _ROWS}
