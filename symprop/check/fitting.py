"""Which mistakes the digits of a wrong number fit.

Input: a diagnoser, the ranges of careful calculation, a number. Output: diagnoses, the likeliest first. Floats choose the few
mistakes that come near; only what the ranges admit is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from symprop.check.asked import Asked
from symprop.check.exercise import Exercise, Expected, entry_of
from symprop.check.forward import renamed
from symprop.check.mistakes import Diagnoser
from symprop.check.mistakes.diagnose import PLAIN
from symprop.check.mistakes.factors import Factor, product_of
from symprop.check.mistakes.formed import STEPPED, in_form
from symprop.check.mistakes.links import UNCHANGED, Change
from symprop.check.ranges import Ranges, Written
from symprop.check.verdict import Diagnosis, Form
from symprop.graph import Equation
from symprop.terms import Ref, Term, names_in
from symprop.worked import floats
from symprop.worked.evaluate import Numeric
from symprop.worked.reals import NotEnoughDigits

MOST_FITTING = 3
MOST_RANK = 2  # factors of this rank, and slips of a higher one, are too far-fetched where only digits speak for them
LEAST_TELLING = 3  # significant digits: fewer fit one mistake or other by chance
MOST_TRIED = 12  # near mistakes whose ranges are computed


@dataclass(frozen=True, slots=True)
class Slipped:
    """A mistake of the catalogue with the value that it gives the gradient; the lower the rank, the likelier."""

    rank: int
    mistake: str
    sentence: str
    value: float
    change: Change
    factor: Factor | None = None


class Fitting:
    """The catalogue in numbers, at the document's data and initial weights; made for each quantity when it is first needed."""

    def __init__(self, diagnoser: Diagnoser) -> None:
        self.diagnoser, self.exercise = diagnoser, diagnoser.exercise
        self._slips: dict[str, tuple[Slipped, ...]] = {}
        self._factors: dict[tuple[str, Form], tuple[Slipped, ...]] = {}

    def diagnoses(self, ranges: Ranges, asked: Asked, candidates: list[Expected], number: Written) -> tuple[Diagnosis, ...]:
        """The mistakes whose value the digits admit; several that cannot be told apart are all named."""
        found: list[Diagnosis] = []
        opposite = Written(-number.value, number.half, number.significant)
        if any(each.form != "new-value" and ranges.admits(entry_of(each.block), opposite) for each in candidates):
            found.append(Diagnosis("sign", "the sign is turned around: the digits are right"))
        for mistake, sentence, term in (*_wrong_forward(self.exercise, candidates), *self._near(asked, candidates, number)):
            if len(found) < MOST_FITTING and _fits(ranges, term, number):
                found.append(Diagnosis(mistake, f"the digits fit this mistake: {sentence}"))
        return tuple(dict.fromkeys(found))

    def _near(self, asked: Asked, candidates: list[Expected], number: Written) -> Iterator[tuple[str, str, Term]]:
        """The mistakes whose value is near the number, the likeliest first."""
        target = self._target(asked)
        if target is None or number.significant < LEAST_TELLING:
            return
        near: list[tuple[Slipped, Form]] = []
        forms: dict[Form, None] = dict.fromkeys(each.form for each in candidates if each.form != "value")
        if not self.exercise.plain:
            yield from self._plain_steps(target, forms)
            forms = {form: None for form in forms if form not in STEPPED}
        for form in forms:
            known = (*self._wrong_factors(target.name, form), *self._wrong_paths(target.name))
            near += [(each, form) for each in known if _is_near(self._in_form(form, target.name, each.value), number)]
        for each, form in sorted(near, key=lambda pair: pair[0].rank)[:MOST_TRIED]:
            gradient = self.diagnoser.links.term(target.name, each.change)
            gradient = gradient if each.factor is None else product_of(gradient, each.factor.term)
            yield each.mistake, each.sentence, in_form(form, target, self.exercise.rate, gradient)

    def _plain_steps(self, target: Ref, forms: Iterable[Form]) -> Iterator[tuple[str, str, Term]]:
        """What plain gradient descent gives where the network's optimiser makes another step."""
        gradient = self.diagnoser.links.term(target.name, UNCHANGED)
        for form in (form for form in forms if form in STEPPED):
            sentence = PLAIN.format(self.exercise.network.training.optimizer)
            yield "plain gradient descent", sentence, in_form(form, target, self.exercise.rate, gradient)

    def _target(self, asked: Asked) -> Ref | None:
        """The scalar quantity that is asked for, where it has a gradient."""
        if asked.quantity not in self.exercise.vocabulary.shapes:
            return None
        target = entry_of(self.exercise.entries(Ref(asked.quantity)), asked.indices or ())
        return target if isinstance(target, Ref) and target.name in self.diagnoser.links.of else None

    def _wrong_paths(self, target: str) -> tuple[Slipped, ...]:
        if target not in self._slips:
            slips = [(each.rank, each.slip) for each in self.diagnoser.search(target).singles if each.rank <= MOST_RANK]
            self._slips[target] = tuple(
                Slipped(rank, slip.mistake, slip.sentence, self._gradient(target, slip.change), slip.change) for rank, slip in slips
            )
        return self._slips[target]

    def _wrong_factors(self, target: str, form: Form) -> tuple[Slipped, ...]:
        if (target, form) not in self._factors:
            right = self._gradient(target, UNCHANGED)
            known = (factor for factor, _ in self.diagnoser.search(target).factors(form) if factor.rank < MOST_RANK)
            self._factors[target, form] = tuple(
                Slipped(each.rank, each.mistake, each.sentence, right * self._of(each.term, {}), UNCHANGED, each)
                for each in known
                if each.mistake != "sign" or form == "new-value"
            )
        return self._factors[target, form]

    @cached_property
    def _values(self) -> dict[str, Numeric]:
        given = {name: floats.to_floats(value) for name, value in {**self.exercise.data, **self.exercise.initial}.items()}
        return floats.solve((Equation(name, term) for name, term in self.exercise.definitions.items()), given)

    @cached_property
    def _contributions(self) -> tuple[float, ...]:
        return tuple(self._of(link.contribution, {}) for link in self.diagnoser.links.all)

    def _of(self, term: Term, changed: Mapping[str, float]) -> float:
        values = {name: changed.get(name, self._values.get(name)) for name in names_in(term)}
        return float(floats.evaluate(term, values))

    def _gradient(self, target: str, change: Change) -> float:
        """dE/d`target` under a change, as the backward graph has it."""
        links, changed = self.diagnoser.links, dict[str, float]()
        for name in reversed(links.reachable(target)):
            paths = links.of[name]
            if any(path.number in change or changed.keys() & set(names_in(path.upstream)) for path in paths):
                changed[links.derivation.steps[name].name] = sum(
                    self._of(change.get(path.number, path.contribution), changed)
                    if path.number in change or changed.keys() & set(names_in(path.upstream))
                    else self._contributions[path.number]
                    for path in paths
                )
        name = links.derivation.steps[target].name
        return changed[name] if name in changed else self._of(Ref(name), {})

    def _in_form(self, form: Form, target: str, gradient: float) -> float:
        step = -float(self._values[self.exercise.network.training.rate]) * gradient
        return {"gradient": gradient, "step": step}.get(form, float(self._values[target]) + step)


def _is_near(value: float, number: Written) -> bool:
    """Whether some ten roundings of intermediate results to the number's digits could lead from the value to the number."""
    written = float(number.value)
    relative = min(0.5, 50 * 10.0**-number.significant)
    return abs(value - written) <= relative * max(abs(value), abs(written)) + 10 * float(number.unit)


def _fits(ranges: Ranges, term: Term, number: Written) -> bool:
    with suppress(NotEnoughDigits):
        return ranges.admits(term, number)
    return False


def _wrong_forward(exercise: Exercise, candidates: list[Expected]) -> Iterable[tuple[str, str, Term]]:
    """What follows from a wrong forward pass."""
    for variant in exercise.variants:
        for each in candidates:
            term = renamed(entry_of(each.block), variant.names)
            if term != entry_of(each.block):
                yield variant.mistake, variant.sentence, term
