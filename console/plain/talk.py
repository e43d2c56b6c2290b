"""What is said and heard as lines: every word through the sanitiser, no control sequence, nothing written twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TextIO, TypeVar

from console.plain.source import Came, Heard, LineSource
from screens.lines import Line
from screens.text import ascii_only, clean

Done = TypeVar("Done")
KEPT_LINES = 2000
"""Lines that are kept of what was said, for `copy` and `screenshot`."""
LOOK_SECONDS = 0.25
"""Between two looks at what has changed, while nobody types."""
CTRL_C = "Ctrl+C stops nothing here. A run goes on without this console: type pause or cancel to stop it, quit to leave."


class Left(Exception):  # noqa: N818 - an end, not an error
    """Nobody is there any more; `code` is what the command ends with."""

    def __init__(self, code: int, why: str) -> None:
        self.code = code
        super().__init__(why)


class Talk:
    """Says lines and asks for them. `meanwhile` is called while it waits."""

    def __init__(
        self, source: LineSource, out: TextIO, *, ascii_words: bool, meanwhile: Callable[[], None]
    ) -> None:
        self._source = source
        self._out = out
        self._ascii = ascii_words
        self._meanwhile = meanwhile
        self._asked = ""
        self._later: deque[str] = deque()
        self.said: deque[str] = deque(maxlen=KEPT_LINES)
        """What was said, a line each, the newest last."""
        self.count = 0
        """How many lines were said."""

    def say(self, text: str = "") -> None:
        """One line, or nothing but an empty one."""
        self._break()
        self.said.append(clean(text))
        self.count += 1
        self._write(clean(text) + "\n")

    def since(self, count: int) -> tuple[str, ...]:
        """What was said since there were so many lines, as far as it is kept."""
        lines = min(self.count - count, len(self.said))
        return tuple(self.said)[len(self.said) - lines :]

    def say_lines(self, lines: Iterable[Line]) -> None:
        """Lines as screens draw them, each as one line of words."""
        for row in lines:
            self.say(words_of(row))

    def prompt(self, text: str) -> None:
        """What stands before the place where a person types."""
        self._break()
        self._write(clean(text) + " ")
        self._asked = text

    def prompt_again(self) -> None:
        """The same once more, after something else was said."""
        self.prompt(self._asked)

    @property
    def waiting(self) -> bool:
        """Whether a prompt stands there, not yet answered."""
        return bool(self._asked)

    def _break(self) -> None:
        """What is said while a prompt stands there begins on a line of its own."""
        if self._asked:
            self._write("\n")
            self._asked = ""

    def _write(self, text: str) -> None:
        shown = ascii_only(text) if self._ascii else text
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        try:
            self._out.write(shown.encode(encoding, "replace").decode(encoding))
            self._out.flush()
        except OSError as error:
            raise Left(129, "the terminal is gone") from error

    def hear(self) -> Heard:
        """Wait a moment for a line.

        Raises:
            Left: the input ended, or a signal told this program to end.
        """
        heard = Heard(Came.LINE, self._later.popleft()) if self._later else self._source.next(LOOK_SECONDS)
        match heard.came:
            case Came.END:
                raise Left(0, "the input has ended")
            case Came.TOLD_TO_END:
                raise Left(128 + heard.signal, "told to end")
            case Came.LINE:
                self._asked = ""
            case Came.INTERRUPT:
                self.say(CTRL_C)
            case Came.NOTHING:
                self._meanwhile()
        return heard

    def keep_for_later(self, lines: Iterable[str]) -> None:
        """Lines that came while something else was listened for: they are heard next."""
        self._later.extend(lines)

    def busy(self, call: Callable[[], Done]) -> Done:
        """Do something that takes a while in a thread of its own, and say meanwhile what is urgent; nothing is heard."""
        with ThreadPoolExecutor(1) as thread:
            working = thread.submit(call)
            while True:
                try:
                    return working.result(LOOK_SECONDS)
                except TimeoutError:
                    if working.done():  # by now, or it was the call's own
                        return working.result()
                    self._meanwhile()

    def ask(self, question: str) -> str | None:
        """A line in answer to a question; None when it was answered with Ctrl+C.

        What was typed before the question stood there does not answer it.
        """
        if self._source.forget():
            self._later.clear()
        self.prompt(question)
        while True:
            heard = self.hear()
            if heard.came is Came.LINE:
                return heard.text
            if heard.came is Came.INTERRUPT:
                return None
            if not self.waiting:
                self.prompt(question)


def words_of(line: Line) -> str:
    """A drawn line as words: where a screen leaves a gap between columns, a comma stands."""
    words, gap = "", 0
    for part in line:
        body = part.text.strip(" ")
        gap += len(part.text) - len(part.text.lstrip(" "))
        if body:
            words += body if not words else f", {body}" if gap > 1 else f" {body}" if gap else body
            gap = len(part.text) - len(part.text.rstrip(" "))
    return words
