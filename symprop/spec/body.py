"""The mathematics of a spec: leaves and equations, every name in scope, every shape.

Input: the spec's tables. Output: a `Body`; what does not fit together is noted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from symprop.graph import Equation
from symprop.spec.equations import in_order, names_of, read_terms, shapes_of
from symprop.spec.layered import Written, write_layers
from symprop.spec.leaves import ROLES, Leaves, read_leaves
from symprop.spec.names import a_name
from symprop.spec.problems import Problems, Unexpected
from symprop.spec.tables import Table, a_key_of, a_text
from symprop.terms import Shape, Term, Typography, ancestors, names_in
from symprop.terms.shapes import shown

MATHEMATICS = (*ROLES, "network", "layers", "equations")


@dataclass(frozen=True)
class Body:
    """The leaves and equations of a spec, in order; `declared` are all names it writes, `shapes` those whose shape is decided.

    `written` holds the texts as they were written or generated, and what a layered spec adds to them.
    """

    written: Written
    equations: tuple[Equation, ...]
    declared: tuple[str, ...]
    shapes: Mapping[str, Shape]
    loss: str

    @property
    def leaves(self) -> Leaves:
        """The given quantities."""
        return self.written.leaves

    @property
    def terms(self) -> dict[str, Term]:
        """Right sides by name."""
        return {equation.name: equation.term for equation in self.equations}


def read_body(root: Table, rate: str, symbols: Mapping[str, Typography]) -> Body:
    """Leaves and equations, from `[equations]` or written out from `[[layers]]`. Raises `InputError` where there are none."""
    problems = root.problems
    written = _written(root)
    leaves, texts = written.leaves, written.texts
    if not texts:
        problems.add("equations", "at least one equation", "nothing", '; write e.g. [equations] E = "(w*x - t)**2"')
        problems.raise_any()
    texts = _well_named(root, leaves, texts, rate)
    known: dict[str, Shape] = {leaf.name: leaf.shape for leaf in leaves.by_name.values() if leaf.shape is not None}
    known |= {leaves.batch: ()} if leaves.batched else {}
    declared = tuple(dict.fromkeys((*leaves.by_name, *known, *texts, *root.table("equations").content)))
    terms = read_terms(texts, names_of(declared, known, symbols), "equations", problems)
    equations = in_order(terms, "equations", problems)
    shapes = shapes_of(equations, known, "equations", problems)
    loss = root.get("loss", a_key_of(texts, "the name of an equation"), tuple(texts)[-1])
    body = Body(written, equations, declared, shapes, loss)
    _check_loss(body, problems)
    if len(equations) == len(texts) and texts.keys() >= root.table("equations").content.keys():
        _check_use(root, body)
    return body


def _written(root: Table) -> Written:
    leaves = read_leaves(root)
    own = root.table("equations").entries(a_text)
    tables = root.tables("layers")
    if root.problems.settled & set(MATHEMATICS):  # every name of such a table would be told to be unknown
        root.problems.raise_any()
    if "network" not in root.content and "layers" not in root.content:
        return Written(own, leaves)
    if not tables:
        if not root.content.get("layers"):
            root.problems.add("layers", "at least one [[layers]] table", "nothing")
        root.problems.raise_any()
    written = write_layers(root, leaves, root.get("loss", a_name, "E"))
    for name in own:
        if name in written.texts:
            root.problems.add(f"equations.{name}", "a name that the layers do not use", f"'{name}'")
    return replace(written, texts={**written.texts, **own})


def _well_named(root: Table, leaves: Leaves, texts: Mapping[str, str], rate: str) -> dict[str, str]:
    """The equations whose names are their own; names that cannot be used or are used twice are noted."""
    taken = {**dict.fromkeys(leaves.by_name, "a given value"), rate: "the learning rate"}
    taken |= {leaves.batch: "the batch size"} if leaves.batched else {}
    for name in texts:
        with root.problems.at(f"equations.{name}", name):
            if name in taken:
                raise Unexpected("a name used once", f"'{name}', which is also {taken[name]}")
            a_name(name)
    if rate in leaves.by_name:
        hint = '; write e.g. rate = "epsilon"'
        root.problems.add("training.rate", "a name used once", f"'{rate}', which is also a given value", hint)
    return {name: text for name, text in texts.items() if name not in taken}


def _check_loss(body: Body, problems: Problems) -> None:
    shape = body.shapes.get(body.loss, ())
    if shape:
        hint = "; take its sum(...) or mean(...)"
        problems.add(f"equations.{body.loss}", "a single number as the loss", f"shape {shown(shape)}", hint)


def _check_use(root: Table, body: Body) -> None:
    """Note parameters that do not reach the loss, quantities that nothing uses, and a network that has nothing to learn.

    What only an unused equation uses is not told beside it.
    """
    if not root.content.get("parameters") and not body.leaves.of("parameter"):
        root.problems.add("parameters", "at least one parameter", "nothing", "; write e.g. [parameters] w = 0.5")
    terms = body.terms
    reached = ancestors((body.loss,), terms)
    wanted = reached | ancestors((*body.written.outputs, *_also_used(root)), terms)
    unused = [name for name in terms if name not in wanted]
    behind = ancestors((used for name in unused for used in names_in(terms[name])), terms)
    for key, role in ROLES.items():
        for leaf in body.leaves.of(role):
            if leaf.name in behind:
                continue
            if role == "parameter" and leaf.name not in reached:
                wish = f"a parameter that the loss {body.loss} depends on"
                root.problems.add(f"{key}.{leaf.name}", wish, "one that it does not use")
            elif leaf.name not in wanted and key not in root.problems.settled:
                root.problems.add(f"{key}.{leaf.name}", "a quantity that some equation uses", "one that is not used")
    for name in unused:
        if name not in behind:
            wish, hint = f"an equation that the loss {body.loss} uses", "list it under outputs or move it to [metrics]"
            if "loss" not in root.content and not body.shapes.get(name):
                hint = f'if it is the loss, write loss = "{name}" in the first line, else {hint}'
            root.problems.add(f"equations.{name}", wish, "one that is not used", f"; {hint}")


def _also_used(root: Table) -> Collection[str]:
    """Names that outputs, metrics and derived equations speak of."""
    outputs = root.content.get("outputs", ())
    listed = [name for name in outputs if isinstance(name, str)] if isinstance(outputs, (list, tuple)) else []
    for key in ("metrics", "derived"):
        texts = root.content.get(key, {})
        for text in texts.values() if isinstance(texts, Mapping) else ():
            listed.extend(_words(text) if isinstance(text, str) else ())
    return listed


def _words(text: str) -> Iterable[str]:
    return "".join(character if character.isalnum() or character == "_" else " " for character in text).split()
