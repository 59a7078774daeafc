"""Logits and the logarithm of the sum of their exponentials: only differences of logits are computed, so that nothing cancels.

Input: a term. Output: its equal, in which z2 - logsumexp(z1, z2) is -logsumexp(z1 - z2, z2 - z2), good for logits of any size.
"""

from __future__ import annotations

from collections.abc import Sequence

from symprop.terms import ONE, Add, Apply, Mul, Neg, Term, difference, product, rebuild


def shifted(term: Term) -> Term:
    """The term with each logit that stands beside its logsumexp subtracted inside of it."""
    return rebuild(term, lambda part: _share(part) or _cross_entropy(part) if isinstance(part, Add) else None)


def _share(part: Add) -> Term | None:
    """z_k - logsumexp(z_1, ..., z_n) = -logsumexp(z_1 - z_k, ..., z_n - z_k)."""
    if len(part.terms) != 2:
        return None
    logit, other = part.terms
    logits = _logits(other.operand) if isinstance(other, Neg) else ()
    return Neg(_above(logits, logit)) if logit in logits else None


def _cross_entropy(part: Add) -> Term | None:
    """logsumexp(z) - (y_1*z_1 + ... + y_n*z_n), with each logarithm above its own logit, whatever the sum of the targets y is.

    It is the sum of y_k*logsumexp(z_1 - z_k, ..., z_n - z_k), and of logsumexp(z) times 1 - (y_1 + ... + y_n).
    """
    whole, paired, *others = part.terms
    logits, pairs = _logits(whole), _pairs(paired)
    if not pairs or [logit for _, logit in pairs] != list(logits):
        return None
    terms = [product((target, _above(logits, logit))) for target, logit in pairs]
    rest = product((difference(ONE, Add(tuple(target for target, _ in pairs))), whole))
    return Add((*terms, rest, *(shifted(other) for other in others)))


def _logits(term: Term) -> tuple[Term, ...]:
    return term.arguments if isinstance(term, Apply) and term.function == "logsumexp" and len(term.arguments) > 1 else ()


def _pairs(term: Term) -> list[tuple[Term, Term]]:
    """Target and logit of each product in a subtracted sum; nothing where the term is something else."""
    terms = term.operand.terms if isinstance(term, Neg) and isinstance(term.operand, Add) else ()
    pairs = [each.factors for each in terms if isinstance(each, Mul)]
    return [(target, logit) for target, logit in pairs] if all(len(pair) == 2 for pair in pairs) else []


def _above(logits: Sequence[Term], logit: Term) -> Term:
    return Apply("logsumexp", tuple(difference(each, logit) for each in logits))
