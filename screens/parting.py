"""What becomes of a run when the console goes, on screens and in lines alike."""

from __future__ import annotations


def becomes_of(run: str, *, outlives: bool) -> str:
    """What becomes of a run, such as `A rollback`, when the console goes; `outlives`: what it acts on is still there then."""
    if outlives:
        return f"{run} is going. It goes on without this console, in a process of its own."
    return f"{run} is going, on a sandbox that ends with this console: it will stop half-way, and cannot be resumed."
