"""bash as a parser: `bash -n` reads a script from its standard input and runs nothing of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cached_property
from typing import Final

from operations.exchange.audit.rule import ShellProblem

TIMEOUT: Final = 10
"""Seconds; parsing takes milliseconds."""
_MESSAGE: Final = re.compile(r"^[^\n]*?: line (?P<line>\d+): (?P<message>.*)$", re.MULTILINE)


class Bash:
    """The bash of this host, in POSIX locale and without the caller's environment, so that nothing is sourced."""

    @cached_property
    def _program(self) -> str | None:
        return shutil.which("bash")

    @property
    def there(self) -> bool:
        """Whether this host has bash."""
        return self._program is not None

    def problem(self, text: str) -> ShellProblem | None:
        """The first syntax error, None when there is none or bash does not say."""
        if self._program is None or "\0" in text:
            return None
        try:
            done = subprocess.run(
                [self._program, "--norc", "--noprofile", "-n", "-s"],
                input=text.encode(),
                capture_output=True,
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                timeout=TIMEOUT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        found = _MESSAGE.search(done.stderr.decode(errors="replace"))
        if done.returncode == 0 or found is None:
            return None
        return ShellProblem(int(found["line"]), found["message"].replace("`", "'"))
