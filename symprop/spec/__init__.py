"""Specs: what an author writes about a network, in TOML or Python.

Input: a bundled id, a file, a text or keyword tables. Output: a frozen `Network` with names, shapes and values decided.
"""

from symprop.spec.build import Spec, build
from symprop.spec.sources import bundled, load, network, read_spec, spec_of
from symprop.spec.starting import starting_spec

__all__ = ["Spec", "build", "bundled", "load", "network", "read_spec", "spec_of", "starting_spec"]
