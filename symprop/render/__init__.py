"""Documents in every format, written from one structure.

Input: a Document. Output: LaTeX, HTML, Markdown, text and notebooks with the same equation numbers.
"""
