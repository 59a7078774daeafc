"""A program's assignments as statements of Python: equations, the names they need first, their comments.

Input: a `Program` and the `Dialect` of its lines. Output: lines of code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from symprop.emit.layout import Lines, assignment, commented, filled, targets, unpacked
from symprop.emit.program import Assignment, Program, used_names
from symprop.emit.spelling import Dialect, spelled
from symprop.emit.values import argument_names, by_name, direct, literals
from symprop.graph import Role
from symprop.terms import Term, names_in

ONE_LINE = 108  # so many characters of names on both sides fit
SHORT = 30  # so short an assignment may share its line


@dataclass(frozen=True)
class Code:
    """A program with the dialect in which its lines are written.

    `lowered` rewrites a term in the words that the dialect can say; `constant` holds a constant, or a right side without any name.
    """

    program: Program
    dialect: Dialect
    lowered: Callable[[Term], Term] = lambda term: term
    constant: str = "{}"

    def name(self, quantity: str) -> str:
        """The identifier of a quantity."""
        return self.dialect.name(quantity)

    def lines(self, assignments: Iterable[Assignment], indent: int = 4) -> Lines:
        """One equation a line, without comments."""
        return tuple(line for each in assignments for line in self._statement(each, indent))

    def explained(self, assignments: Iterable[Assignment]) -> Lines:
        """One equation a line, with the equation's number on the worksheet, the array's shape and the gradient's rule beside it."""
        return commented([(self._statement(each, 4), each.remark(self.program.shapes.get(each.name, ()))) for each in assignments])

    def _statement(self, line: Assignment, indent: int) -> Lines:
        text = spelled(self.lowered(line.term), self.dialect)
        return assignment(self.name(line.name), text if names_in(line.term) else self.constant.format(text), indent)

    def display(self, names: Iterable[str]) -> tuple[str, ...]:
        """The items of a dict display of named values."""
        return by_name((name, self.name(name)) for name in names)

    def unpack(self, names: Sequence[str], source: str, value: str = "{}") -> Lines:
        """`w0, w1 = parameters["w0"], parameters["w1"]`, each inside `value`; nothing for no names."""
        own = [self.name(name) for name in names]
        listed = unpacked(own, [value.format(f'{source}["{name}"]') for name in names])
        keys = filled(f"{value.format(f'{source}[name]')} for name in ", literals(names), "()")
        if len(listed) <= 1:
            return listed
        if len(keys) == 1 and len(", ".join(own)) + len(keys[0]) < ONE_LINE:
            return targets(own, f"({keys[0]})")
        return (*targets(own, "("), *(f"    {line}" for line in keys), ")")

    def prelude(self, assignments: Sequence[Assignment]) -> Lines:
        """The parameters, inputs, targets and constants that the assignments use, unpacked."""
        used = used_names(assignments)
        ends = (*self.argument(self.named(used, "input"), "inputs"), *self.argument(self.named(used, "target"), "targets"))
        return (
            *self.unpack([name for name in self.program.carried if name in used], "parameters"),
            *_together((*ends, *self.lengths(used))),
            *self.unpack(self.named(used, "constant"), "CONSTANTS", self.constant),
        )

    def earlier(self, assignments: Sequence[Assignment], keep: bool = False) -> Lines:
        """The quantities of the forward pass that the assignments use, computed and unpacked; all `values` where they are kept."""
        names = self.named(used_names(assignments), "intermediate")
        call = "evaluate(parameters, inputs, targets)" if self._has_losses(names) else "forward(parameters, inputs)"
        if len(names) == 1 and not keep:
            return (f'{self.name(names[0])} = {call}["{names[0]}"]',)
        return (f"values = {call}", *self.unpack(names, "values")) if names or keep else ()

    def _has_losses(self, names: Iterable[str]) -> bool:
        return any(line.name in names for line in self.program.losses)

    def argument(self, names: Sequence[str], argument: str, value: str = "{}") -> Lines:
        """`X = inputs` for the one array of an array network, else the names out of a dict."""
        if names and direct(self.program.network, argument):
            return (f"{self.name(names[0])} = {value.format(argument)}",)
        return self.unpack(names, argument, value)

    def lengths(self, used: Iterable[str]) -> Lines:
        """`m = len(X)` for each symbolic length that the equations use."""
        wanted = self.named(used, "dimension")
        return tuple(f"{self.name(length)} = len({self.measured(length)})" for length in wanted)

    def measured(self, length: str) -> str:
        """The argument whose first axis has this length."""
        network = self.program.network
        arguments = [(argument, name) for argument in ("inputs", "targets") for name in argument_names(network, argument)]
        argument, name = next(pair for pair in arguments if network.graph.shape(pair[1])[:1] == (length,))
        return argument if direct(network, argument) else f'{argument}["{name}"]'

    def named(self, names: Iterable[str], *roles: Role) -> tuple[str, ...]:
        """Those of the names that have one of these roles, in the author's order."""
        wanted = set(names)
        return tuple(name for name in self.program.network.graph.names(*roles) if name in wanted)


def _together(lines: Lines) -> Lines:
    """Assignments of words and calls as one, `X, Y, m = inputs, targets, len(inputs)`; others as they are."""
    if len(lines) < 2 or any(len(line) > SHORT or "[" in line for line in lines):
        return lines
    pairs = [line.split(" = ", 1) for line in lines]
    return unpacked([left for left, _ in pairs], [right for _, right in pairs])
