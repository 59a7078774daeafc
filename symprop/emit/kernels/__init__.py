"""Kernels: a module's functions as loops over flat memory, for the targets that compile them (numba, C).

Input: a `Program` and a `Language`. Output: `Kernel`s, the functions of one module, as lines of code.
"""
