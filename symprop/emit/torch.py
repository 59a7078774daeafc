"""The PyTorch target: functions of dicts of tensors, on the tensors' own device and in their dtype, without autograd.

Input: a `Program`. Output: a `TensorView` for `network_torch.py.jinja`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from symprop.emit.functions import inlined
from symprop.emit.helpers import CONSTANTS, Library
from symprop.emit.program import Program
from symprop.emit.spelling import Dialect
from symprop.emit.tensors import Framework, TensorView, tensor_view
from symprop.emit.values import Arrays
from symprop.emit.view import FunctionView
from symprop.terms import Apply, Broadcast, Mean, Ref, Sum, Term, names_in, rebuild

FUNCTIONS: Mapping[str, str] = {
    "pi": "math.pi",
    "exp": "torch.exp({})",
    "log": "torch.log({})",
    "sqrt": "torch.sqrt({})",
    "log1p": "torch.log1p({})",
    "expm1": "torch.expm1({})",
    "erf": "torch.erf({})",
    "erfc": "torch.erfc({})",
    "sinh": "torch.sinh({})",
    "cosh": "torch.cosh({})",
    "tanh": "torch.tanh({})",
    "abs": "torch.abs({})",
    "sign": "torch.sign({})",
    "step": "positive({})",
    "maximum": "torch.maximum({}, {})",
    "minimum": "torch.minimum({}, {})",
    "sigmoid": "torch.sigmoid({})",
    "softmax": "torch.softmax({}, dim=-1)",
    "row_max": "torch.amax({}, dim=-1, keepdim=True)",
    # what the lowering below writes
    "at least": "torch.clamp({}, min={})",
    "at most": "torch.clamp({}, max={})",
    "kept sum": "torch.sum({}, dim=None, keepdim=True)",
    "kept mean": "torch.mean({}, dim=None, keepdim=True)",
    "filled": "torch.full_like({1}, {0})",
    # numbers alone: torch's own functions take tensors only
    **{f"number {name}": text for name, text in CONSTANTS.items()},
    "number erf": "math.erf({})",
    "number erfc": "math.erfc({})",
    "number abs": "abs({})",
    "number maximum": "max({}, {})",
    "number minimum": "min({}, {})",
}
WRITTEN: Mapping[str, FunctionView] = {
    "step": FunctionView("positive", "z", "1 where z > 0, else 0.", ("return (z > 0).to(z.dtype)",)),
    "logsumexp": FunctionView(
        "logsumexp",
        "*z",
        "log(exp(z1) + exp(z2) + ...), from the largest z, so that nothing overflows.",
        ("return torch.logsumexp(torch.stack(torch.broadcast_tensors(*z)), dim=0)",),
    ),
}
CLAMPS: Mapping[str, str] = {"maximum": "at least", "minimum": "at most"}


def lowered(term: Term, lengths: Collection[str] = ()) -> Term:
    """A term in torch's words: what is computed from numbers and `lengths` alone is no tensor."""

    def replaced(part: Term) -> Term | None:
        if isinstance(part, Apply):
            return _call(part, lengths)
        if isinstance(part, (Sum, Mean)) and part.keep and part.axis is None:
            return Apply("kept sum" if isinstance(part, Sum) else "kept mean", (lowered(part.operand, lengths),))
        if isinstance(part, Broadcast) and _is_number(part.operand, lengths):
            return Apply("filled", (lowered(part.operand, lengths), Ref(part.like)))
        return None

    return rebuild(term, replaced)


def _is_number(term: Term, lengths: Collection[str]) -> bool:
    return all(name in lengths for name in names_in(term))


def _call(term: Apply, lengths: Collection[str]) -> Term | None:
    """A function of numbers alone, or bounded by one; None where only its arguments change."""
    if term.function != "pi" and _is_number(term, lengths):
        return rebuild(inlined(term), _of_numbers)
    for place, part in enumerate(term.arguments):
        if term.function in CLAMPS and _is_number(part, lengths):
            return Apply(CLAMPS[term.function], (lowered(term.arguments[1 - place], lengths), lowered(part, lengths)))
    return None


def _of_numbers(term: Term) -> Term | None:
    if not isinstance(term, Apply) or f"number {term.function}" not in FUNCTIONS:
        return None
    return Apply(f"number {term.function}", tuple(rebuild(part, _of_numbers) for part in term.arguments))


DIALECT = Dialect(
    FUNCTIONS,
    total="torch.sum({})",
    mean="torch.mean({})",
    axis="{}, dim={}",
    keep="{}, keepdim=True",
    broadcast="torch.broadcast_to({}, {}.shape)",
)
TENSORS = Arrays(
    single="torch.tensor({}, dtype=DTYPE)",
    array="torch.tensor({}, dtype=DTYPE)",
    zeros="torch.zeros({}, dtype=DTYPE)",
    full="torch.full({}, {}, dtype=DTYPE)",
)
TORCH = Framework(
    library=Library(DIALECT, WRITTEN, lowered=lowered),
    arrays=lambda dtype: TENSORS,
    words=frozenset(("torch", "math", "positive", "bool", "one_hot")),
    dtypes={"float64": "torch.float64", "float32": "torch.float32"},
    precision="{dtype}, or what the given tensors have: every function computes in their dtype and on their device",
    blocks=(100, 100),
    lowered=lowered,
    scalars_follow=False,
    known="lengths, like",
    to_host="classes = classes.cpu() if torch.is_tensor(classes) else classes",
    imports={"math.": "import math"},
)


def module_view(program: Program) -> TensorView:
    """The view of the PyTorch module of a program; UnsupportedError where it cannot do what the spec asks for."""
    return tensor_view(program, TORCH)
