"""Colour swatches with words: what each colour looks like on this terminal, told in a way that needs no colour."""

from __future__ import annotations

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
RESET = "\x1b[0m"
STEPS = 36
"""Columns of the ramp; steps that can be told apart mean that the terminal has that many colours."""


def swatches() -> list[str]:
    """Lines with sequences for a terminal that has colours; each colour stands beside its name."""
    normal = " ".join(f"\x1b[{30 + index}m{name}{RESET}" for index, name in enumerate(NAMES))
    bright = " ".join(f"\x1b[{90 + index}m{name}{RESET}" for index, name in enumerate(NAMES))
    ramp = "".join(f"\x1b[48;5;{16 + index * 6}m {RESET}" for index in range(STEPS))
    fine = "".join(f"\x1b[48;2;{index * 7};0;{255 - index * 7}m {RESET}" for index in range(STEPS))
    return [
        f"  16 colours   {normal}",
        f"  bright       {bright}",
        f"  256 colours  {ramp} stripes",
        f"  16 million   {fine} smooth, else the terminal has fewer",
    ]
