"""Deciding whether two scalar expressions are equal: `decide`, `Comparer`."""

from __future__ import annotations

from collections.abc import Mapping

from symprop.check.decide.budget import DEFAULT, Budget
from symprop.check.decide.comparer import Comparer
from symprop.check.decide.decision import Certificate, Counterexample, Decision
from symprop.terms import Term

__all__ = ["DEFAULT", "Budget", "Certificate", "Comparer", "Counterexample", "Decision", "decide"]


def decide(left: Term, right: Term, definitions: Mapping[str, Term], *, budget: Budget = DEFAULT) -> Decision:
    """Whether `left` = `right` wherever both are defined, given the definitions of some of their names."""
    return Comparer(definitions, budget).decide(left, right)
