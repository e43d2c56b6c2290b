"""The badge of a way back: its glyph, its role, and as much of its word as there is room for."""

from __future__ import annotations

from operations.plan.proofs import Standing, WayBackProof
from screens.glyphs import Glyphs
from screens.lines import Role
from screens.proof_words import SHORT, WORD

PROOF_ROLE = {
    Standing.PROVEN: Role.SUCCEEDED,
    Standing.UNPROVEN: Role.MUTED,
    Standing.FAILED: Role.FAILED,
    Standing.GAP: Role.MUTED,
    Standing.CHANGED: Role.ATTENTION,
    Standing.IRREVERSIBLE: Role.FAILED,
}


def proof_glyph(standing: Standing, glyphs: Glyphs) -> str:
    """One column; never without its word."""
    return {
        Standing.PROVEN: glyphs.good,
        Standing.FAILED: glyphs.bad,
        Standing.CHANGED: glyphs.warning,
        Standing.IRREVERSIBLE: glyphs.one_way,
    }.get(standing, glyphs.unsure)


def badge_words(proof: WayBackProof, glyphs: Glyphs) -> tuple[str, ...]:
    """The badge of a row, longest first."""
    glyph, standing = proof_glyph(proof.standing, glyphs), proof.standing
    return (f"{glyph} {WORD[standing]}", f"{glyph}{SHORT[standing]}")
