"""What an unexplained answer and the right one have to do with each other: their quotient and their difference, factored.

Input: an attempt. Output: two lines for a teacher. They give the solution away, so that only `reveal` shows them.
"""

from __future__ import annotations

from fractions import Fraction

from symprop.check.attempts import Attempt, Place
from symprop.check.exercise import Exercise
from symprop.terms import Apply, Number, Power, Ref, Term, names_in, substitute, subterms

# SymPy multiplies out: only terms whose product is small are given to it
MOST_NODES, MOST_NAMES, LARGEST_POWER, LARGEST_NUMBER = 160, 16, 4, 10**6


def compared(exercise: Exercise, attempt: Attempt, place: Place) -> list[str]:
    """`quotient: ...` and `difference: ...` of the answer and what is expected; nothing where that would grow large."""
    answered = next(pair[1] for pair in attempt.pairs() if pair[0] == place)
    expected = _opened(exercise, next(pair[2] for pair in attempt.pairs() if pair[0] == place))
    if not (_small(answered) and _small(expected)):
        return []
    import sympy  # loaded only here: marking itself does without

    from symprop.algebra import to_sympy

    left, right = to_sympy(answered), to_sympy(expected)
    quotient = f"quotient: {sympy.factor(sympy.cancel(left / right))}" if right != 0 else ""
    return [part for part in (quotient, f"difference: {sympy.factor(left - right)}") if part]


def _opened(exercise: Exercise, expected: Term) -> Term:
    """The expected term with gradients written out in forward quantities."""
    steps = {step.name: name for name, step in exercise.scalar.steps.items()}
    gradients = {name: exercise.scalar.gradient(steps[name]).term for name in names_in(expected) if name in steps}
    return substitute(expected, gradients)


def _small(term: Term) -> bool:
    parts = list(subterms(term))
    numbers = [part.value for part in parts if isinstance(part, Number)]
    powers = [part.exponent for part in parts if isinstance(part, Power)]
    return (
        len(parts) <= MOST_NODES
        and len(names_in(term)) <= MOST_NAMES
        and all(isinstance(exponent, Number) and abs(exponent.value) <= LARGEST_POWER for exponent in powers)
        and all(_short(value) for value in numbers)
        and all(isinstance(argument, Ref) for part in parts if isinstance(part, Apply) for argument in part.arguments)
    )


def _short(value: Fraction) -> bool:
    return max(abs(value.numerator), value.denominator) <= LARGEST_NUMBER
