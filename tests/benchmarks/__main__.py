"""`python -m tests.benchmarks [NAME…]` runs the measurements, all of them when none is named."""

import platform
import sys
from collections.abc import Callable, Sequence

from tests.benchmarks import audit, console_wire, journal_append, journal_verify, plan_load, start_up, verify
from tests.benchmarks.measure import Line

BENCHMARKS: dict[str, Callable[[], Sequence[Line]]] = {
    "audit": audit.measure,
    "console": console_wire.measure,
    "journal-append": journal_append.measure,
    "journal-verify": journal_verify.measure,
    "plan-load": plan_load.measure,
    "start-up": start_up.measure,
    "verify": verify.measure,
}


def main(names: Sequence[str]) -> int:
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for name in names or BENCHMARKS:
        lines = BENCHMARKS[name]()
        width = max(len(line.what) for line in lines)
        print(f"\n{name}")
        for line in lines:
            print(f"  {line.what.ljust(width)}  {line.figures}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
