"""Which regions there are, from botocore's own list."""

from __future__ import annotations

import difflib
import json
from importlib.util import find_spec
from pathlib import Path


def known_regions() -> frozenset[str]:
    """The names of all regions that this botocore knows; botocore itself, slow to import, is not."""
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        return frozenset()
    file = Path(spec.origin).parent / "data" / "partitions.json"
    partitions = json.loads(file.read_bytes())["partitions"]
    return frozenset(name for partition in partitions for name in partition["regions"])


def region_problem(region: str) -> str | None:
    """One line when there is no such region, with the nearest that exists."""
    known = known_regions()
    if region in known:
        return None
    near = difflib.get_close_matches(region, sorted(known), n=1)
    return f"no region `{region}`" + (f"; did you mean `{near[0]}`?" if near else "")
