"""What an act would do, as lines: everything that decides it, nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from screens.head_lines import badge, short_identity
from screens.lines import Line, Role, joined, line, line_width, piece, wrapped
from screens.ports import ActPreview, Banner, PreviewCall
from state.events import Direction

_LABEL = 11
"""Columns of the labels at the left."""
SHORT_WAY_BACK = 4
"""Steps of a way back that are shown before the calls."""
SHORT_LOSSES = 4
"""Operations whose loss on the way back is shown before the calls of going forward."""
SHORT_UNPROVEN = 3
"""Warnings about unproven ways back that are shown before the calls."""


def place_lines(banner: Banner, width: int) -> list[Line]:
    """Where it would happen and as whom."""
    alias = (piece(banner.alias, Role.STRONG),) if banner.alias else ()
    place = joined([(badge(banner.setting),), alias, (piece(banner.account),), (piece(banner.region),)])
    who = (piece(f"as {short_identity(banner.identity) or 'nobody yet'}"),)
    one = joined([place, who])
    return [one] if line_width(one) <= width else [place, *wrapped(who[0].text, width)]


def preview_lines(preview: ActPreview, banner: Banner, width: int) -> list[Line]:
    """The whole question. A refused act shows the reason and nothing that could be mistaken for an offer."""
    rows = place_lines(banner, width)
    rows.append(())
    if preview.refused is not None:
        rows.append(line(piece("refused", Role.FAILED)))
        return rows + wrapped(preview.refused, width, Role.ATTENTION)
    for warning in preview.warnings:
        rows += _labelled("warning", [warning], width, Role.ATTENTION)
    rows += _labelled("approval", preview.approvals, width, Role.ATTENTION)
    rows += _proofs(preview, width)
    rows += _labelled("depends", [preview.depends] if preview.depends else [], width)
    rows += _labelled("takes", [preview.takes], width)
    rows += _losses(preview, width)
    rows.append(())
    rows += _calls(preview, width) + _long_way_back(preview, width)
    return rows + _long_losses(preview, width) + _long_unproven(preview, width)


def _losses(preview: ActPreview, width: int) -> list[Line]:
    """What going back costs: of an act that is no going back yet under its way back, and in short where it is much."""
    loses, keeps = "loses", "keeps"
    rows: list[Line] = []
    if preview.direction is Direction.FORWARD:
        loses, keeps = "  loses", "  keeps"
        rows = _labelled("way back", _short_way_back(preview), width)
    role = Role.ATTENTION if preview.loses else Role.PLAIN
    rows += _labelled(loses, _short_losses(preview) or ("nothing",), width, role)
    return rows if _is_long(preview) else rows + _labelled(keeps, preview.retains, width)


def _is_long(preview: ActPreview) -> bool:
    """Whether going forward lists so much that going back may lose that it would hide what is asked for."""
    return preview.direction is Direction.FORWARD and len(preview.loses) > SHORT_LOSSES


def _short_losses(preview: ActPreview) -> tuple[str, ...]:
    count = f"{len(preview.loses)} of {len(preview.operations)} operations lose something then; it is listed at the end"
    return (count,) if _is_long(preview) else preview.loses


def _long_losses(preview: ActPreview, width: int) -> list[Line]:
    if not _is_long(preview):
        return []
    rows: list[Line] = [(), line(piece("what going back loses", Role.HEADING))]
    for loss in preview.loses:
        rows += wrapped(loss, width, Role.ATTENTION)
    if preview.retains:
        rows += [(), line(piece("what going back keeps", Role.HEADING))]
    for kept in preview.retains:
        rows += wrapped(kept, width)
    return rows


def _proofs(preview: ActPreview, width: int) -> list[Line]:
    """What no rehearsal has proven as warnings, then what one has in one line."""
    rows: list[Line] = []
    for warning in _short_unproven(preview):
        rows += _labelled("warning", [warning], width, Role.ATTENTION)
    return rows + _labelled("proof", [preview.proven] if preview.proven else [], width)


def _short_unproven(preview: ActPreview) -> tuple[str, ...]:
    unproven = preview.unproven
    if len(unproven) <= SHORT_UNPROVEN:
        return unproven
    count = f"{len(unproven)} of {len(preview.operations)} operations"
    return (f"{count}: no rehearsal has proven their way back; they are listed at the end",)


def _long_unproven(preview: ActPreview, width: int) -> list[Line]:
    """Many warnings of one kind stand behind what is asked for, so that they never hide it."""
    if len(preview.unproven) <= SHORT_UNPROVEN:
        return []
    rows: list[Line] = [(), line(piece("way back not proven", Role.HEADING))]
    for warning in preview.unproven:
        rows += wrapped(warning, width, Role.ATTENTION)
    return rows


def _short_way_back(preview: ActPreview) -> tuple[str, ...]:
    steps = preview.way_back
    if len(steps) <= SHORT_WAY_BACK:
        return steps or ("none",)
    return (f"{len(steps)} steps, listed at the end",)


def _long_way_back(preview: ActPreview, width: int) -> list[Line]:
    """The way back of many steps stands behind what is asked for, so that it never hides it."""
    if preview.direction is not Direction.FORWARD or len(preview.way_back) <= SHORT_WAY_BACK:
        return []
    rows: list[Line] = [(), line(piece("the way back, in this order", Role.HEADING))]
    for step in preview.way_back:
        rows += wrapped(step, width)
    return rows


def _calls(preview: ActPreview, width: int) -> list[Line]:
    several = len(preview.operations) > 1
    count = f"{len(preview.calls)} step{'' if len(preview.calls) == 1 else 's'}"
    about = f" of {len(preview.operations)} operations" if several else ""
    rows: list[Line] = [line(piece(f"{count}{about}, in this order", Role.HEADING))]
    shown: str | None = None
    for number, call in enumerate(preview.calls, start=1):
        if several and call.operation != shown:
            shown = call.operation
            rows.append(line(piece(call.operation, Role.STRONG)))
        rows += _call(number, call, width)
    return rows


def _call(number: int, call: PreviewCall, width: int) -> list[Line]:
    rows = wrapped(f"{number:>2} {call.title}", width)
    if call.stands_for:
        rows += wrapped(f"in place of {call.stands_for}", width, Role.MUTED, 3)
    if call.params:
        rows += wrapped(call.params, width, Role.MUTED, 3)
    return rows


def _labelled(label: str, texts: Iterable[str], width: int, role: Role = Role.PLAIN) -> list[Line]:
    rows: list[Line] = []
    for text in texts:
        for row in wrapped(text, width - _LABEL, role):
            name = label if not rows else ""
            rows.append((piece(f"{name:<{_LABEL}}", Role.MUTED), *row))
    return rows
