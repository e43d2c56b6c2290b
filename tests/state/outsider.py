"""A journal's verifier as somebody else would write it, from the format's description alone."""

import hashlib
import json
from pathlib import Path

import pysqlite3.dbapi2 as sqlite3
import rfc8785


def first_bad(path: Path) -> int | None:
    """The seq of the first row that does not fit, None when all do."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    prev, expected = "0" * 64, 1
    for row in connection.execute(
        "SELECT seq, at, run, kind, operation, actor, identity, data, prev, hash FROM events ORDER BY seq"
    ):
        try:
            data = json.loads(row[7])
            content = rfc8785.dumps([*row[:7], data, row[8]])
            canonical = rfc8785.dumps(data).decode()
        except ValueError:
            return row[0]
        fits = row[0] == expected and row[8] == prev and canonical == row[7]
        if not fits or hashlib.sha256(content).hexdigest() != row[9]:
            return row[0]
        prev, expected = row[9], expected + 1
    connection.close()
    return None
