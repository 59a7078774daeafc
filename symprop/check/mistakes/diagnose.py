"""From a wrong answer to the sentences that a tutor would write, each proved before it is said.

Input: what was asked for, and the attempts that are proved wrong. Output: `Found`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

from symprop.check.asked import Asked
from symprop.check.attempts import Attempt, Judge
from symprop.check.decide import Comparer
from symprop.check.exercise import Exercise, Expected, entry_of, mapped
from symprop.check.forward import renamed
from symprop.check.mistakes.field import Pole
from symprop.check.mistakes.formed import CHANGES, STEPPED, Found, gradient_part, in_form
from symprop.check.mistakes.links import Links
from symprop.check.mistakes.others import other_gradient
from symprop.check.mistakes.residues import opposite
from symprop.check.mistakes.search import Catalogue, Explanation, Search
from symprop.check.mistakes.values import explained
from symprop.check.mistakes.words import Words
from symprop.check.verdict import Diagnosis, Form
from symprop.notation import text
from symprop.terms import Add, Neg, Ref, Term, names_in, negated, size

CONVENTIONS: dict[str, str] = {
    "sign": "sign",
    "factor 2": "half",
    "factor 1/2": "half",
    "mean for sum": "mean",
    "sum for mean": "mean",
    "divided twice": "mean",
}
PLAIN = "it is a step of plain gradient descent: the network is trained with {}"
RENEWED = "already-updated weight"
BY_RULE = "already-updated weights are used, as the update rule has it"
MOST_NODES = 4000
MOST_PROOFS = 12


@dataclass(frozen=True, slots=True)
class Meant:
    """What an answer is explained as: a form of the gradient of `target`; `shown` is the entry that it answers for."""

    target: str
    form: Form
    answered: Term
    shown: str


class Diagnoser:
    """Explains wrong answers to one exercise; the catalogue of each quantity is made once."""

    def __init__(self, exercise: Exercise, judge: Judge) -> None:
        self.exercise, self.judge = exercise, judge
        self._searches: dict[str, Search] = {}

    @cached_property
    def catalogue(self) -> Catalogue:
        """The backward graph, entry by entry, and the values of all names."""
        scalar = self.exercise.scalar
        names = (*scalar.network.graph.quantities, *(step.name for step in scalar.steps.values()), *self.exercise.renewed.values())
        return Catalogue(scalar, self.judge, names)

    @property
    def links(self) -> Links:
        """The backward graph at all points."""
        return self.catalogue.seen(None).links

    @cached_property
    def words(self) -> Words:
        """Names and kinds."""
        return Words(self.exercise.scalar, self.exercise.blocks, self.exercise.renewed)

    def search(self, target: str) -> Search:
        """The catalogue of one scalar quantity."""
        if target not in self._searches:
            self._searches[target] = Search(self.exercise.network, self.catalogue, self.words, target)
        return self._searches[target]

    def diagnose(self, asked: Asked, attempts: list[Attempt], reveal: bool) -> Found:
        """The diagnoses of the attempt that the answer most likely meant; of the others where nothing fits that one."""
        texts = {id(each.text.term): each.text.term for each in attempts}
        if self.judge.exhausted:
            return Found()
        for special in (self._defect, self._plain_step, self._other_form, self._wrong_start):
            found = next((found for each in attempts if (found := special(asked, each)).diagnoses), None)
            if found is not None:
                return found
        used = {key: names_in(term) for key, term in texts.items()}
        likely = sorted(attempts, key=lambda each: likelihood(self.exercise, asked, each, used[id(each.text.term)]))
        for attempt in likely:
            found = self._explained(asked, attempt, reveal, pairs=attempt is likely[0])
            if found.diagnoses:
                return found
        for last in (partial(other_gradient, self.exercise, self.judge, self.catalogue, self.words, asked), self._wrong_forward):
            found = next((found for each in likely if (found := last(each)).diagnoses), Found())
            if found.diagnoses:
                return found
        return Found()

    @cached_property
    def _wide(self) -> Judge:
        """The decision over the definitions of the wrong forward passes too."""
        return Judge(Comparer(self.exercise.every_definition), self.judge.probe)

    def _wrong_forward(self, attempt: Attempt) -> Found:
        """The answer follows rightly from a forward pass that forgets biases."""
        for variant in self.exercise.variants if not attempt.substituted else ():
            pairs = [(answered, renamed(expected, variant.names)) for _, answered, expected in attempt.pairs()]
            if self._wide.proves(pairs):
                return Found((Diagnosis(variant.mistake, variant.sentence),), attempt)
        return Found()

    def _defect(self, asked: Asked, attempt: Attempt) -> Found:
        """The document's own rule may step a parameter with another one's gradient."""
        step = self.exercise.steps.get(asked.quantity)
        form = attempt.expected.form
        if step is None or step.gradient_of == asked.quantity or form == "gradient":
            return Found()
        if not self._steps_with(asked, attempt, self.exercise.gradient(step.gradient_of)):
            return Found()
        sentence = f"the document's own rule does the same, and it is a defect: {asked.quantity} is stepped with another gradient"
        return Found((Diagnosis("the document's defect", sentence),), attempt)

    def _plain_step(self, asked: Asked, attempt: Attempt) -> Found:
        """The network's optimiser makes another step than plain gradient descent, and the answer that of the latter."""
        if self.exercise.plain or attempt.expected.form not in STEPPED:
            return Found()
        if not any(self._steps_with(asked, attempt, gradient) for gradient, _ in self.exercise.gradients(asked.quantity)):
            return Found()
        return Found((Diagnosis("plain gradient descent", PLAIN.format(self.exercise.network.training.optimizer)),), attempt)

    def _other_form(self, asked: Asked, attempt: Attempt) -> Found:
        """The answer is right for the same weight, in another form than is asked for."""
        if attempt.expected.form not in CHANGES or attempt.substituted or asked.quantity not in self.exercise.steps:
            return Found()
        for other, given in self._other_forms(asked):
            if self._answers(attempt, other):
                sentence = f"{given} is given where {CHANGES[attempt.expected.form]} is asked for"
                return Found((Diagnosis("another form", sentence),), attempt)
        return Found()

    def _other_forms(self, asked: Asked) -> Iterator[tuple[Expected, str]]:
        """The forms that are not asked for, in words; last, beside the new value, the step before its sign is turned."""
        forms: tuple[Form, ...] = tuple(form for form in CHANGES if form not in asked.forms)
        expected = self.exercise.expected(replace(asked, forms=forms))
        for other in expected:
            yield other, CHANGES[other.form]
        for other in expected if asked.forms == ("new-value",) else ():
            if other.form == "step":
                yield replace(other, block=mapped(other.block, negated)), "what is to be subtracted from the weight"

    def _answers(self, attempt: Attempt, other: Expected) -> bool:
        """Whether every entry of the answer is proved to be that of the other form."""
        pairs = [(answered, expected) for _, answered, expected in replace(attempt, expected=other).pairs()]
        return self.judge.proves(pairs)

    def _steps_with(self, asked: Asked, attempt: Attempt, gradient: Term) -> bool:
        """Whether the answer is proved to be the plain step with this gradient."""
        rebuilt = self.exercise.entries(in_form(attempt.expected.form, Ref(asked.quantity), self.exercise.rate, gradient))
        pairs = [(answered, entry_of(rebuilt, asked.indices or place)) for place, answered, _ in attempt.pairs()]
        return self.judge.proves(pairs)

    def _wrong_start(self, asked: Asked, attempt: Attempt) -> Found:
        """The right step, made from another weight."""
        pairs = list(attempt.pairs())
        if attempt.expected.form != "new-value" or attempt.substituted or len(pairs) > 1:
            return Found()
        _, answered, expected = pairs[0]
        own = entry_of(self.exercise.entries(Ref(asked.quantity)), asked.indices or ())
        weights = set(self.exercise.scalar.network.graph.names("parameter"))
        summands = answered.terms if isinstance(answered, Add) else ()
        for other in (each for each in summands if isinstance(each, Ref) and each.name in weights and each != own):
            wrong = Add((other, Neg(own), expected))
            if self.judge.proves([(answered, wrong)]):
                sentence = f"the step is made from {self.words.thing(other.name)}, not from the weight that is asked for"
                return Found((Diagnosis("wrong weight stepped", sentence),), attempt)
        return Found()

    def _explained(self, asked: Asked, attempt: Attempt, reveal: bool, pairs: bool) -> Found:
        if attempt.substituted or attempt.expected.form in STEPPED and not self.exercise.plain:
            return Found()
        place, answered, expected = self._first_difference(attempt)
        if attempt.expected.form == "value":
            return self._opposite_gradient(attempt, answered, expected, reveal) or self._wrong_value(attempt, answered, expected)
        if asked.quantity not in self.exercise.derivation.steps:
            return Found()
        symbol = self.exercise.entries(Ref(asked.quantity))
        target = entry_of(symbol, asked.indices if asked.indices is not None else place)
        if not isinstance(target, Ref) or target.name not in self.links.of:
            return Found()
        return self._proved(attempt, Meant(target.name, attempt.expected.form, answered, target.name), reveal, pairs)

    def _opposite_gradient(self, attempt: Attempt, answered: Term, expected: Term, reveal: bool) -> Found | None:
        """Documents name what they add to a weight: the mistakes in it are those in the gradient, whose sign is the other one."""
        residues = self.judge.fingerprint(expected)
        names = [] if residues is None else self.catalogue.seen(None).table.names.get(opposite(residues), [])
        target = next((self.links.gradient_of[name] for name in names if name in self.links.gradient_of), None)
        if target is None or not isinstance(expected, Ref):
            return None
        return self._proved(attempt, Meant(target, "gradient", negated(answered), expected.name), reveal, True)

    def _wrong_value(self, attempt: Attempt, answered: Term, expected: Term) -> Found:
        found = explained(self.judge, self.exercise, self.words, answered, expected)
        where = self._place(attempt, expected.name) if isinstance(expected, Ref) else ""
        diagnoses = dict.fromkeys(Diagnosis(each.mistake, f"{where}{each.sentence}") for each in found)
        return Found(tuple(diagnoses), attempt, _convention(each.mistake for each in found))

    def _first_difference(self, attempt: Attempt) -> tuple[tuple[int, ...], Term, Term]:
        pairs = list(attempt.pairs())
        return next((pair for pair in pairs if self.judge.differ(pair[1], pair[2])), pairs[0])

    def _proved(self, attempt: Attempt, meant: Meant, reveal: bool, pairs: bool) -> Found:
        residues = self.judge.fingerprint(gradient_part(meant.form, Ref(meant.target), self.exercise.rate, meant.answered))
        if residues is None:
            return Found()
        try:
            proved = self._first_proved(self.search(meant.target).explain(residues, meant.form, pairs), meant)
        except Pole:
            return Found()
        if not proved:
            return Found()
        place = self._place(attempt, meant.shown)
        diagnoses = tuple(dict.fromkeys(self._said(each, meant, reveal, place) for each in proved))
        return Found(diagnoses, attempt, _convention(each.mistakes[0] for each in proved if len(each.mistakes) == 1))

    def _first_proved(self, ranks: Iterable[list[Explanation]], meant: Meant) -> list[Explanation]:
        """The explanations of the first rank of which any is proved; at most `MOST_PROOFS` are tried."""
        tried = 0
        for candidates in ranks:
            proved = [each for each in candidates[: MOST_PROOFS - tried] if self._proves(each, meant)]
            tried += len(candidates)
            if proved or tried >= MOST_PROOFS:
                return proved
        return []

    def _proves(self, explanation: Explanation, meant: Meant) -> bool:
        """The zero test against the rebuilt wrong derivation."""
        gradient = explanation.term(self.links, meant.target)
        if size(gradient) > MOST_NODES:
            return False
        rebuilt = in_form(meant.form, Ref(meant.target), self.exercise.rate, gradient)
        if self.judge.excludes(meant.answered, rebuilt):
            return False
        return self.judge.decide(meant.answered, rebuilt).verdict == "equal"

    def _place(self, attempt: Attempt, target: str) -> str:
        """Of an array answer one entry is explained: the sentence says which."""
        return f"in the entry {self.words.shown(target)} " if attempt.expected.block.size > 1 else ""

    def _said(self, explanation: Explanation, meant: Meant, reveal: bool, place: str) -> Diagnosis:
        told = list(zip(explanation.mistakes, explanation.sentences, strict=True))
        wrong = [pair for pair in told if pair[0] != RENEWED]
        ruled = len(told) > len(wrong) > 0 and self._renews_all(meant)
        shown = wrong if ruled else told
        sentence = place + "; and ".join((*(said for _, said in shown), *((BY_RULE,) if ruled else ())))
        formula = text(explanation.term(self.links, meant.target)) if reveal else ""
        mistake = " + ".join(mistake for mistake, _ in shown)
        return Diagnosis(mistake, sentence, f"the answer is that of {formula}" if formula else "")

    def _renews_all(self, meant: Meant) -> bool:
        """Whether the update rule itself uses the new values of all weights on the way back."""
        owner = self.words.array_of(meant.target)
        step = self.exercise.steps.get(owner)
        if meant.form not in STEPPED or step is None:
            return False
        used = {self.words.array_of(spot.weight) for spot in self.search(meant.target).spots if spot.weight}
        return used <= set(step.already_new)


def _convention(mistakes: Iterable[str]) -> str:
    """The convention under which the answer is right; empty where there is none."""
    return next((CONVENTIONS[mistake] for mistake in mistakes if mistake in CONVENTIONS), "")


def likelihood(exercise: Exercise, asked: Asked, attempt: Attempt, used: tuple[str, ...]) -> int:
    """How likely the form is meant, from the names that the text uses: a weight as a summand, the learning rate, neither."""
    term = attempt.text.term
    if attempt.expected.form == "value":
        return 1 if any(name in exercise.vocabulary.gradients for name in used) else -1
    summands = term.terms if isinstance(term, Add) else (term,)
    bare = [part.operand if isinstance(part, Neg) else part for part in summands]
    adds_weight = len(bare) > 1 and any(isinstance(part, Ref) and part.name == asked.quantity for part in bare)
    meant: Form = "new-value" if adds_weight else "step" if exercise.network.training.rate in used else "gradient"
    return int(attempt.expected.form != meant) + 2 * int(attempt.substituted)
