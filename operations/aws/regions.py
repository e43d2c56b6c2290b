"""Which regions there are, from botocore's own list."""

from __future__ import annotations

import difflib


def known_regions() -> frozenset[str]:
    """The names of all regions that this botocore knows."""
    from botocore.loaders import create_loader

    partitions = create_loader().load_data("partitions")["partitions"]
    return frozenset(name for partition in partitions for name in partition["regions"])


def region_problem(region: str) -> str | None:
    """One line when there is no such region, with the nearest that exists."""
    known = known_regions()
    if region in known:
        return None
    near = difflib.get_close_matches(region, sorted(known), n=1)
    return f"no region `{region}`" + (f"; did you mean `{near[0]}`?" if near else "")
