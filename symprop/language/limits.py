"""The budgets of the reader: counted, never timed, so that a text is read or refused alike on every machine.

Input: nothing. Output: the numbers; each is checked before anything of that size is built.
"""

MAX_LENGTH = 10_000  # characters of a text
MAX_TOKENS = 2_000
MAX_BRACKETS = 64  # brackets inside one another, function calls included
MAX_HEIGHT = 128  # levels of the finished tree: a/b/c/... nests without brackets
MAX_DIGITS = 60  # of one number
MAX_EXPONENT = 400  # of ten, in one number
MAX_POWER = 1000  # exponent of a power; nested exponents count as their product
MAX_BITS = 40_000  # of a constant that the text spells out, such as 9**1000
MAX_READINGS = 8
MAX_OPERANDS = 2_000  # read over all attempts at an ambiguous text, looks ahead included
MAX_ATTEMPTS = 64  # combinations tried before an ambiguous text is refused
MAX_NAME = 256  # characters of a typeset name's part: \text{...}, _{...}
MAX_WORD = 64  # letters of a word that may be a product of names
