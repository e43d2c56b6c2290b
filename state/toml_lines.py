"""Where a key stands in a TOML text, for complaints: the reader of the standard library does not keep lines."""

from __future__ import annotations


def line_of(text: str, key: str, table: str = "") -> int | None:
    """The line of a key of a table, counted from 1; None where the file is not written a key a line."""
    here = ""
    for number, row in enumerate(text.splitlines(), start=1):
        bare = row.strip()
        if bare.startswith("["):
            here = bare.partition("#")[0].strip("[] ")
        elif here == table and bare.partition("=")[0].strip(" \"'") == key:
            return number
    return None
