"""Which regions there are, from botocore's own list."""

from __future__ import annotations

import difflib

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


def known_regions() -> frozenset[str]:
    """The names of all regions that this botocore knows."""
    from botocore.session import Session

    session = Session()
    return frozenset(name for partition in PARTITIONS for name in session.get_available_regions("ec2", partition))


def region_problem(region: str) -> str | None:
    """One line when there is no such region, with the nearest that exists."""
    known = known_regions()
    if region in known:
        return None
    near = difflib.get_close_matches(region, known, n=1)
    return f"no region `{region}`" + (f"; did you mean `{near[0]}`?" if near else "")
