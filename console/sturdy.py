"""An app that ends on a bug without printing anything: its caller tells of it."""

from __future__ import annotations

from rich.console import RenderableType
from rich.traceback import Traceback
from textual.app import App
from textual.worker import WorkerFailed

from console.crash import ConsoleBugError


class SturdyApp(App[int]):
    """Leaves the terminal in order whatever happens."""

    @property
    def bug(self) -> Exception | None:
        """The bug that ended the console, for its caller to tell of."""
        found = self._exception
        inner = found.error if isinstance(found, WorkerFailed) else found
        return inner if isinstance(inner, Exception) else found

    def end_by(self, error: Exception) -> None:
        """End because of a bug that was met outside the app's own loop."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """Leave at once. Textual would print a trace with the values of variables: secrets among them, perhaps."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """What Textual does when one of its own threads has died, of which it hands on the trace alone."""
        stacks = [stack for each in renderables if isinstance(each, Traceback) for stack in each.trace.stacks]
        why = "; ".join(f"{stack.exc_type}: {stack.exc_value}" for stack in stacks)
        self._handle_exception(ConsoleBugError(why or "a thread of the terminal's driver ended"))
