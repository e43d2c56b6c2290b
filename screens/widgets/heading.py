"""The three lines that always stand: where we are, whether we can go back, what runs."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.ahead_lines import Ahead
from screens.back_out_lines import back_out_line, deadline_line
from screens.head_lines import header_line, run_line
from screens.kit import Kit
from screens.ports import Banner, FeedUpdate
from screens.review_lines import review_line
from screens.review_port import ReviewMark
from screens.times import Zone
from screens.widgets.band import Band


class Heading(Vertical):
    """Shows the banner, the way back and the run; each line is sent only when it reads differently."""

    DEFAULT_CSS = "Heading { height: auto; }"

    def __init__(self, kit: Kit, banner: Banner) -> None:
        super().__init__(id="heading")
        self._kit = kit
        self._banner = banner
        self._update: FeedUpdate | None = None
        self._armed: frozenset[str] = frozenset()
        self._trouble: str | None = None
        self._review: ReviewMark | None = None
        self._zone = Zone.UTC
        self._ahead = Ahead(kit.plan, kit.glyphs)
        self._header = Band(widget_id="header")
        self._back_out = Band(widget_id="back-out")
        self._run = Band(widget_id="run")

    def compose(self) -> ComposeResult:
        """Top to bottom, the first question second."""
        yield self._header
        yield self._back_out
        yield self._run

    def on_mount(self) -> None:
        """What the plan itself says can be shown at once."""
        self.redraw()

    def show(
        self,
        *,
        banner: Banner | None = None,
        update: FeedUpdate | None = None,
        armed: frozenset[str] | None = None,
    ) -> None:
        """Some of it is different now."""
        self._banner = banner or self._banner
        self._update = update or self._update
        self._armed = self._armed if armed is None else armed
        self.redraw()

    def show_trouble(self, problem: str | None) -> None:
        """Something cannot be read, or can be again."""
        self._trouble = problem
        self.redraw()

    def show_review(self, mark: ReviewMark | None, zone: Zone) -> None:
        """The past is shown, and which moment of it; None: it is now."""
        self._review, self._zone = mark, zone
        self.redraw()

    def redraw(self) -> None:
        """Make the lines again, for this moment."""
        update, armed, glyphs = self._update, self._armed, self._kit.glyphs
        banner = replace(self._banner, problem=self._trouble) if self._trouble else self._banner
        back = update.back_out if update else None
        now = self._kit.clock()
        mark, zone = self._review, self._zone
        if mark is None:
            self._header.present(lambda width: header_line(banner, armed, width))
        else:
            self._header.present(lambda width: review_line(mark, glyphs, zone, width))
        by = deadline_line(self._kit.plan, back, now)
        self._back_out.present(lambda width: back_out_line(back, glyphs, width, by))
        ahead = self._ahead.line(update, now)
        self._run.present(lambda width: run_line(update, banner, glyphs, now, width, ahead))
        self._back_out.set_class(back is not None and not back.possible, "-blocked")
