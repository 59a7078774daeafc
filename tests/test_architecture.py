"""The layers of the package, held by reading its source: imports, circles, forbidden calls, sizes, complete readers."""

import ast
import functools
import importlib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import symprop
from symprop.terms import NODE_TYPES

PACKAGE = Path(symprop.__file__).parent

# Each layer imports from the lines above its own, or from itself; the layers of one line never import each other.
# The package's own __init__ names the public API without loading it; tests/cli/test_shell.py holds that.
LAYERS = (
    ("symprop", "errors", "functions", "words"),
    ("terms", "templating"),
    ("language", "graph"),
    ("notation",),
    ("spec", "notation"),
    ("algebra",),
    ("derive",),
    ("worked",),
    ("render", "emit", "check"),
    ("artefacts", "audit"),
    ("cli",),
    ("__main__",),
)
RANKS = {layer: rank for rank, line in enumerate(LAYERS) for layer in line}

# Each of these ends in `eval`, hangs on somebody's text, or is silently wrong; DESIGN says what is used instead.
FORBIDDEN = {"eval", "exec", "compile", "__import__", "sympify", "S", "parse_expr", "parse_latex", "lambdify", "simplify"}

# A dispatcher over terms that has no case for some node, and why none can reach it.
PARTIAL_READERS: dict[str, str] = {
    "symprop.algebra.forms:_form": "numbers have no slope; an array operation stands behind a slot of the elementwise skeleton",
    "symprop.algebra.to_sympy:to_sympy": "array operations are lowered to their entries first, and refused with that advice",
    "symprop.derive.arrays:_operation": "elementwise nodes belong to the skeleton; entries and repetitions are refused by name",
    "symprop.emit.inplace:into": "what has no operation that writes into an array gets memory of its own, as NumPy gives it",
}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(source) for name, source in SOURCES.items()}


def layer_of(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module of symprop that a module imports, wherever in its text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "symprop")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            base = node.module or ""
            if base.split(".")[0] == "symprop":
                full = [f"{base}.{alias.name}" for alias in node.names]
                yield from {name if name in TREES else base for name in full}


IMPORTS = {name: sorted(set(imported(tree))) for name, tree in TREES.items() if name != "symprop"}
each_module = pytest.mark.parametrize("module", SOURCES)


def test_every_module_has_a_layer() -> None:
    assert {layer_of(module) for module in SOURCES} <= set(RANKS), "a new layer is a row of LAYERS"


@pytest.mark.parametrize("module", IMPORTS)
def test_imports_go_down_only(module: str) -> None:
    own = layer_of(module)
    upward = [other for other in IMPORTS[module] if layer_of(other) != own and RANKS[layer_of(other)] >= RANKS[own]]
    assert upward == []


def test_there_is_no_circle() -> None:
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


@each_module
def test_nothing_dangerous_or_silently_wrong_is_named(module: str) -> None:
    named = [node.id for node in ast.walk(TREES[module]) if isinstance(node, ast.Name)]
    called = [n.func.attr for n in ast.walk(TREES[module]) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    aliases = [a.name for node in ast.walk(TREES[module]) if isinstance(node, ast.ImportFrom) for a in node.names]
    allowed_as_method = {"compile", "S"}  # re.compile
    assert FORBIDDEN.intersection(named) == set()
    assert (FORBIDDEN - allowed_as_method).intersection(called) == set()
    assert (FORBIDDEN - {"S"}).intersection(aliases) == set()


@each_module
def test_modules_stay_small(module: str) -> None:
    assert len(SOURCES[module].splitlines()) <= 300 or module == "symprop.functions"  # a table: one more row is no more code


@each_module
def test_functions_stay_small(module: str) -> None:
    functions = [node for node in ast.walk(TREES[module]) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 40] == []


@each_module
def test_every_module_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(TREES[module])


def readers() -> list[str]:
    """Every `singledispatch` function whose first argument is annotated `Term`, as module:function."""
    return [
        f"{module}:{node.name}"
        for module, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(decorator).endswith("singledispatch") for decorator in node.decorator_list)
        and node.args.args
        and ast.unparse(node.args.args[0].annotation or ast.Constant(None)) == "Term"
    ]


def test_readers_are_found() -> None:
    assert {"symprop.terms.walk:children", "symprop.terms.walk:with_children"} <= set(readers())
    assert set(PARTIAL_READERS) <= set(readers())


@pytest.mark.parametrize("reader", readers())
def test_every_node_type_has_a_case_in_every_reader(reader: str) -> None:
    module, _, name = reader.partition(":")
    function = getattr(importlib.import_module(module), name)
    assert isinstance(function, type(functools.singledispatch(lambda term: term)))
    default = function.dispatch(object)
    missing = [node.__name__ for node in NODE_TYPES if function.dispatch(node) is default]
    assert missing == [] or reader in PARTIAL_READERS
