"""The terminal driver of the console: Textual's own, without reports of every movement of the mouse.

Textual asks for any motion (`?1003`): over a tree that is some 130 kB a second. Buttons, the wheel and dragging
(`?1002`) are all that the console uses. What is written goes through `console.terminal.thrift`.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from console.terminal import curtain
from console.terminal.thrift import Size, Thrift


class CalmDriver(LinuxDriver):
    """Hears of the mouse when a button is pressed, held or let go, or the wheel turns, and writes only what changes."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: Size | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._thrift = Thrift(self._columns_and_rows)
        self._entered = False

    def _columns_and_rows(self) -> Size:
        try:
            size = os.get_terminal_size(self.fileno)
        except OSError:
            return 0, 0
        return size.columns, size.lines

    def write(self, data: str) -> None:
        """Write what differs from what stands there; a screen that is entered already is not emptied by entering it again."""
        if self._entered and curtain.ENTER in data:
            data, self._entered = data.replace(curtain.ENTER, ""), False
        spared = self._thrift.spare(data)
        if spared:
            super().write(spared)

    def draw_all_again(self) -> None:
        """Send everything when it is next drawn: something else has written on the terminal."""
        self._thrift.forget()

    def start_application_mode(self) -> None:
        """Begin to draw; a terminal whose size changes may have lost what stood on it, even if it is as before in the end."""
        self._entered = curtain.hand_over()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        hears = signal.getsignal(signal.SIGWINCH)

        def resized(number: int, frame: FrameType | None) -> None:
            self._thrift.forget()
            if callable(hears):
                hears(number, frame)

        signal.signal(signal.SIGWINCH, resized)

    def process_message(self, message: Message) -> None:
        """Terminals may tell of their size in the stream of keys as well."""
        if isinstance(message, events.Resize):
            self._thrift.forget()
        super().process_message(message)

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")
            self.flush()

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000l\x1b[?1002l\x1b[?1006l")
            self.flush()
