"""The question before an answer by hand as lines."""

from __future__ import annotations

from screens.by_hand_port import HandPreview
from screens.lines import Line, Role, line, piece, wrapped
from screens.ports import Banner
from screens.preview_lines import place_lines


def hand_lines(preview: HandPreview, banner: Banner, width: int) -> list[Line]:
    """The whole question. A refused answer shows the reason and what it rests on, and nothing like an offer."""
    rows = [*place_lines(banner, width), ()]
    if preview.refused is not None:
        rows.append(line(piece("refused", Role.FAILED)))
        rows += wrapped(preview.refused.why, width, Role.ATTENTION)
    else:
        for text in preview.means:
            rows += wrapped(text, width)
        rows += wrapped(preview.depends, width)
    if preview.seen:
        rows += [(), line(piece("seen", Role.HEADING))]
        for text in preview.seen:
            rows += wrapped(text, width)
    return rows
