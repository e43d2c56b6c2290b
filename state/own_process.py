"""Starts another process of this same program, wherever somebody stands.

`python -m` puts the folder in which one stands before everything else: a `state.py` or `operations/` of somebody's own would
be taken for a part of this program, and carried out. The new process imports from where this one does, and from nowhere else.
"""

from __future__ import annotations

import json
import sys
from typing import Final

_START: Final = (
    "import sys, json, runpy; sys.path[:] = json.loads(sys.argv.pop(1));"
    " runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def own_process(module: str, *arguments: str) -> list[str]:
    """The argument vector that runs a module of this program with these arguments, as `python -m` would."""
    return [
        sys.executable,
        "-P",
        "-c",
        _START,
        json.dumps([str(each) for each in sys.path]),
        module,
        *arguments,
    ]
