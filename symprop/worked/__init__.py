"""Networks with numbers: exact and floating-point values, printed digits, lines that are true as printed.

Input: equations and written values. Output: `work` gives the lines of a worked example, `evaluate` the value of a term.
"""
