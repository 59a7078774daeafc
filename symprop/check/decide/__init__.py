"""Deciding whether two scalar expressions are equal, with a proof of "equal" and a witness of "different".

Input: two terms and the definitions of some of their names. Output: a `Decision`: equal, different or undecided.

Equality is meant wherever both sides are defined, apart from the points at which the sign of a relu, abs, maximum, step or sign
changes (a set without inner points). A free name is a real variable.

How. Every expression becomes an element of a ring: a sum of exponentials with polynomial coefficients over the variables, sigmoids,
reciprocals, logarithms and steps (`elements`, `ring`, `functions`). "Equal" means that the normal form of the difference is zero
(`vanishing`): this uses true identities only, so it is a proof whatever else is assumed. "Different" means disjoint enclosures at a
rational point, in integer arithmetic with outward rounding (`intervals`, `separation`): a proof too. Values modulo a prime at fixed
pseudo-random points (`residues`, `values`) only decide which of the two proofs is tried first, and serve as fingerprints.

Completeness. On + - * / integer powers exp sigmoid tanh (and softmax, its entries written out) a normal form that isn't zero means
different functions: exponentials of arguments that are linearly independent over the rationals modulo constants are algebraically
independent over the field of their arguments (Ax 1971, the functional Schanuel theorem; Risch's structure theorem says the same of
towers). It is used level by level for exponents in normal form and isn't needed for the truth of any verdict. Where it doesn't
reach, the verdict may be "undecided": constants such as exp(1) and log(2) beyond the laws of powers, logarithms of reducible
polynomials, reciprocals within exponents, roots, erf, too many sign cases, and whatever exceeds the `Budget`.
"""

from __future__ import annotations

from collections.abc import Mapping

from symprop.check.decide.budget import DEFAULT, Budget
from symprop.check.decide.comparer import Comparer
from symprop.check.decide.decision import Certificate, Counterexample, Decision
from symprop.terms import Term

__all__ = ["DEFAULT", "Budget", "Certificate", "Comparer", "Counterexample", "Decision", "decide"]


def decide(left: Term, right: Term, definitions: Mapping[str, Term], *, budget: Budget = DEFAULT) -> Decision:
    """Whether `left` = `right` wherever both are defined.

    `definitions` are ordered named equations, each over earlier names and free ones; only those that the terms reach are used. For
    many answers over the same definitions make one `Comparer`. Nothing is raised for a term that can't be compared: the verdict
    is "undecided", and the reason says why.
    """
    return Comparer(definitions, budget).decide(left, right)
