"""Sets what Textual reads from the environment when it is imported: import this before anything of Textual's."""

from __future__ import annotations

import os

os.environ.update(
    {
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TZ": "UTC",
    }
)
for _name in ("NO_COLOR", "CUTOVER_ASCII"):
    os.environ.pop(_name, None)

STILL = True
"""Something to import."""
