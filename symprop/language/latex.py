"""LaTeX commands as data: what each one is in the shared grammar.

Input: nothing. Output: tables from a command's name to a word, a sign, nothing, or the reason why it is refused.
"""

from __future__ import annotations

from symprop.terms.typography import GREEK

_SPACES = ", ; : ! > quad qquad thinspace thickspace medspace negthinspace enspace"
_SIZES = "left right mleft mright big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle"
SKIPPED = frozenset({*_SPACES.split(), *_SIZES.split(), " "})
SIGNS: dict[str, str] = {
    "cdot": "·", "times": "×", "odot": "⊙", "circ": "⊙", "ast": "*", "div": "/", "partial": "∂", "prime": "'", "top": "⊤",
    "intercal": "⊤", "leftarrow": "←", "gets": "←", "coloneqq": ":=", "vert": "|", "lvert": "|", "rvert": "|", "mid": "|",
    "{": "\\{", "}": "\\}", "lbrace": "\\{", "rbrace": "\\}", "lbrack": "[", "rbrack": "]", "lparen": "(", "rparen": ")",
}  # fmt: skip
WORDS: dict[str, str] = {name: name for name in GREEK} | {
    "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varpi": "pi", "varsigma": "sigma",
    "varkappa": "kappa", "exp": "exp", "ln": "ln", "log": "log", "max": "max", "min": "min", "ell": "l",
    **{name: name for name in ("sinh", "cosh", "tanh", "coth", "sech", "csch")},
}  # fmt: skip
_TEXT_FONTS = "text textrm textbf textit textsf texttt textnormal mbox hbox operatorname"
_MATH_FONTS = "mathrm mathbf mathit mathsf mathtt mathcal mathbb mathnormal boldsymbol bm vec"
FONTS = frozenset({*_TEXT_FONTS.split(), *_MATH_FONTS.split()})
ACCENTS: dict[str, str] = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
}  # fmt: skip
MACROS: dict[str, str] = {"frac": "frac", "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "sqrt": "sqrt"}
REFUSED: dict[str, str] = {
    "sum": "a sum over an index is not read; write its terms out",
    "prod": "a product over an index is not read; write its factors out",
    "int": "integrals are not read",
    "lim": "limits are not read",
    "begin": "environments such as align and matrix are not read; give one formula",
    "end": "environments such as align and matrix are not read; give one formula",
    "\\": "a line break is read only between the members of a chain of equations",
    "pm": "'plus or minus' is two answers; give one",
    "infty": "infinity is not a number here",
    "nabla": "write the gradient of one quantity as \\frac{\\partial E}{\\partial w}",
}
KNOWN = (*WORDS, *SIGNS, *MACROS, *ACCENTS, *FONTS)
