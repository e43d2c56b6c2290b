"""The console's own way of reading a terminal; writing to it and its modes are those of `console.terminal.driver`."""

from __future__ import annotations

import os
import selectors
import time
from codecs import getincrementaldecoder
from typing import Final

from console.terminal.driver import CalmDriver
from console.terminal.intake import Intake

LOOK_SECONDS: Final = 0.1
"""How often the thread looks whether it is to end."""
PIECE: Final = 4096


class ConsoleDriver(CalmDriver):
    """Reads on as long as there is something to read before it takes silence for an answer."""

    def run_input_thread(self) -> None:
        """Tell the console of what is typed and pasted until it ends or the terminal is gone."""
        intake = Intake()
        decode = getincrementaldecoder("utf-8")("replace").decode
        heard = time.monotonic()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                patience = intake.patience
                left = LOOK_SECONDS if patience is None else heard + patience - time.monotonic()
                if selector.select(max(0.0, min(left, LOOK_SECONDS))):
                    piece = self._piece()
                    if not piece:
                        return
                    told, heard = intake.feed(decode(piece)), time.monotonic()
                elif patience is not None and time.monotonic() >= heard + patience:
                    told = intake.give_up()
                else:
                    continue
                for message in told:
                    self.process_message(message)

    def _piece(self) -> bytes:
        """What has come; nothing when the terminal is gone, which `console.terminal.hangup` sees to."""
        try:
            return os.read(self.fileno, PIECE)
        except OSError:
            return b""
