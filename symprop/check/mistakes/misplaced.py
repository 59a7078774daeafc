"""One array in the place of another: the activation for the delta, the wrong layer's output.

Input: an exercise, what is asked for, and a term over arrays. Output: `Repair`s: what stands where something else belongs, and the
term with that put right. One of them explains an answer only when its term is proved right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property, partial
from itertools import islice

import numpy as np

from symprop.check.asked import Asked
from symprop.check.exercise import Exercise, Expected
from symprop.check.mistakes.edits import everywhere
from symprop.check.mistakes.names import CONFUSED
from symprop.check.mistakes.words import Words
from symprop.check.probe import TOLERANCE, Probe
from symprop.check.repairs import Repair
from symprop.derive.entries import Block
from symprop.errors import SympropError, UsageError
from symprop.terms import Neg, Ref, Term, places, subterms
from symprop.worked import floats
from symprop.worked.evaluate import Numeric

MOST_TRIED = 12
STANDS = {
    "weight": "the weights {} stand",
    "new weight": "the already-updated weights {} stand",
    "input": "the inputs {} stand",
    "target": "the targets {} stand",
    "unit": "the layer's output {} stands",
    "net input": "the net input {} stands",
    "output": "the network's output {} stands",
    "gradient": "the gradient {} stands",
    "quantity": "{} stands",
}
BELONGS = {
    "weight": "weights belong",
    "new weight": "already-updated weights belong",
    "input": "the inputs belong",
    "target": "the targets belong",
    "unit": "a layer's output belongs",
    "net input": "a net input belongs",
    "output": "the network's output belongs",
    "gradient": "a gradient belongs",
}
OTHERS = {
    "weight": "other weights belong",
    "new weight": "other weights belong",
    "input": "other inputs belong",
    "target": "other targets belong",
    "unit": "another layer's output belongs",
    "net input": "another net input belongs",
    "output": "another output belongs",
    "gradient": "another gradient belongs",
}


class Misplaced:
    """Finds such repairs for one exercise; the values of all arrays at one point, in floats, choose the few that are tried."""

    def __init__(self, exercise: Exercise, words: Words, probe: Probe) -> None:
        self.exercise, self.words, self.probe = exercise, words, probe

    @cached_property
    def _values(self) -> dict[str, Numeric]:
        found: dict[str, Numeric] = {}
        for name in (*self.exercise.vocabulary.shapes, self.exercise.network.training.rate):
            with suppress(UsageError):  # a name that no formula needs has no value
                found[name] = self._value(self.exercise.entries(Ref(name)))
        return found

    def _value(self, whole: Block) -> Numeric:
        return np.array([self.probe.first(entry) for entry in whole.flat]).reshape(whole.shape)

    def repairs(self, asked: Asked, term: Term, wanted: Iterable[Expected]) -> Iterator[Repair]:
        """Every array of the term replaced by another with which the whole may be what is wanted; at most `MOST_TRIED`."""
        likely = self.likely(asked, wanted)
        yield from islice((each for each in _replaced(self.exercise, self.words, asked, term) if likely(each.term)), MOST_TRIED)

    def likely(self, asked: Asked, wanted: Iterable[Expected]) -> Callable[[Term], bool]:
        """Whether a term over arrays may be what is wanted."""
        values = [self._value(each.block) for each in wanted]
        return lambda term: self._may_be(asked, term, values)

    def _may_be(self, asked: Asked, term: Term, wanted: Iterable[Numeric]) -> bool:
        with suppress(SympropError):
            if self.exercise.vocabulary.shape(term) != asked.shape:
                return False
            found = floats.evaluate(term, self._values)
            return any(np.allclose(found, each, rtol=TOLERANCE, atol=TOLERANCE) for each in wanted)
        return False


def _replaced(exercise: Exercise, words: Words, asked: Asked, term: Term) -> Iterator[Repair]:
    kinds = {name: _kind(exercise, words, name) for name, shape in exercise.vocabulary.shapes.items() if shape}
    others = sorted((name for name in kinds if name not in asked.given_away), key=lambda name: kinds[name] != "gradient")
    for ref, put in (*_everywhere(term), *places(term)):
        if not isinstance(ref, Ref) or not exercise.vocabulary.shapes.get(ref.name):
            continue
        stands = STANDS[kinds[ref.name]].format(ref.name)
        for name in (name for name in others if name != ref.name and kinds[name] in BELONGS):
            mistake = CONFUSED.get((kinds[name], kinds[ref.name]), "wrong quantity")
            belongs = (OTHERS if kinds[name] == kinds[ref.name] else BELONGS)[kinds[name]]
            sentence = f"{stands} where {belongs}"
            yield Repair(mistake, sentence, put(Ref(name)))
            if kinds[name] == "gradient" != kinds[ref.name]:
                yield Repair(mistake, f"{sentence}, its sign turned around", put(Neg(Ref(name))))


def _everywhere(term: Term) -> Iterator[tuple[Term, Callable[[Term], Term]]]:
    """Each name that stands several times, all of them to be replaced at once."""
    times = Counter(part.name for part in subterms(term) if isinstance(part, Ref))
    for name in (name for name, count in times.items() if count > 1):
        yield Ref(name), partial(everywhere, term, Ref(name))


def _kind(exercise: Exercise, words: Words, name: str) -> str:
    """What an array stands for: what its first entry does."""
    first = exercise.entries(Ref(name)).flat[0]
    kind = words.kind(first.name) if isinstance(first, Ref) else "quantity"
    return kind if kind in STANDS else "quantity"
