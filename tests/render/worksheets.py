"""Worksheets for the tests of the writers, each made once: the bundled networks, a deep one, one with awkward names, one folded."""

from functools import cache

from symprop.artefacts.training import curves_of
from symprop.derive import Derivation, derive
from symprop.render.document import Document
from symprop.render.solutions import with_solutions
from symprop.render.worksheet import worksheet
from symprop.spec import build, bundled, load, read_spec, starting_spec
from symprop.worked.fresh import fresh

AWKWARD = r"""
id = "awkward"
title = 'Names <b>&amp; signs</b>: 5 * 3_x_y, `code`, $x$, [a](b), #1 | 50 % ~ \ é'
remarks = ["1. not a list", "# not a heading", "- nor <script>alert(1)</script> & so on", "*no* _emphasis_ ![no](image)"]

[inputs]
x_1 = 0.5

[targets]
y = 0.9

[parameters]
w_a = 0.3
b = 0.2

[equations]
yhat = "relu(w_a*x_1 + b)"
E = "abs(y - yhat)"

[training]
rate = "alpha"
learning_rate = 0.01
iterations = 20
"""
SPECS = {"deep": starting_spec("3-4-4-3-2", "tanh"), "wide": starting_spec("12-9-1", "sigmoid"), "awkward": AWKWARD}
NETWORKS = (*bundled(), *SPECS, "folded")


@cache
def derivation(net: str) -> Derivation:
    if net not in SPECS:
        return derive(load(net))
    made = derive(build(read_spec(SPECS[net], net)))
    return fresh(made, 1) if net == "wide" else made


@cache
def sheet(net: str) -> Document:
    """The worksheet with its curves; `folded` is the teacher's edition of a sheet with blanks."""
    if net == "folded":
        return with_solutions(sheet("step_by_step"), worksheet(derivation("step_by_step"), blank="gradients"))
    return worksheet(derivation(net), curves=curves_of(derivation(net)))
