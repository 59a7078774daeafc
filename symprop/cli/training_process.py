"""The process in which a generated module trains: `python -m symprop.cli.training_process REQUEST`.

Input: a JSON request: the module's path, the options of `train`, the names to report. Output: one JSON line for each recorded row
on stdout, then one with the final parameters, or one with an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from symprop.artefacts.modules import load_module


def run(request: Mapping[str, Any]) -> None:
    """Train as requested; a loss that is no longer finite is an answer, not a crash."""
    module = load_module(Path(request["module"]))
    try:
        result = module.train(**request["options"], callback=lambda row: _tell("row", {key: row[key] for key in request["names"]}))
    except FloatingPointError as error:
        _tell("error", str(error))
    else:
        _tell("parameters", result.parameters)


def _tell(key: str, value: object) -> None:
    print(json.dumps({key: value}, default=_plain), flush=True)


def _plain(value: Any) -> object:
    return np.asarray(value).tolist()


if __name__ == "__main__":
    run(json.loads(sys.argv[1]))
