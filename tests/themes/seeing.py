"""How colours are seen: WCAG contrast, colour vision deficiencies, distances in CIELAB.

Contrast and relative luminance are those of WCAG 2.1. The matrices are those of Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, for severity 1.0; they
apply to linear RGB. CIELAB is CIE 15:2004 with the white point D65; the distance is that of 1976.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from math import dist

from textual.color import Color

Triple = tuple[float, float, float]
_D65 = (0.95047, 1.0, 1.08883)
_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


class Vision(Enum):
    """Kinds of colour vision; the value is what becomes of linear RGB."""

    FULL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    PROTANOPIA = (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    )
    DEUTERANOPIA = (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    )
    TRITANOPIA = (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    )


def contrast(text: str, ground: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, from 0 to 1."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def apart(one: str, other: str, vision: Vision) -> float:
    """How far two colours are apart for somebody who sees like this; about 2.3 is just noticeable."""
    return dist(_lab(one, vision), _lab(other, vision))


def _linear(colour: str) -> Triple:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (raw / 255 for raw in Color.parse(colour).rgb)
    )
    return red, green, blue


def _times(matrix: Sequence[Sequence[float]], vector: Triple) -> Triple:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def _lab(colour: str, vision: Vision) -> Triple:
    seen = _times(vision.value, _linear(colour))
    red, green, blue = (min(1.0, max(0.0, part)) for part in seen)
    x, y, z = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in (
            each / white for each, white in zip(_times(_TO_XYZ, (red, green, blue)), _D65, strict=True)
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
