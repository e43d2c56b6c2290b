"""What a YAML scalar says: YAML 1.2's plain words and numbers, and nothing of 1.1's dates, octals and `yes`."""

from __future__ import annotations

import re
from typing import Any, Final

TAG: Final = "tag:yaml.org,2002:"
"""What the tags of YAML itself begin with."""
_WORDS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
"""YAML 1.2's plain words; in 1.1 `yes`, `no`, `on` and `off` were truth values too."""
_NUMERIC: Final = frozenset("-+.0123456789")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_FLOAT: Final = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?")


def read_scalar(text: str, tag: str | None, *, plain: bool) -> Any:
    """The value of a scalar: by its tag, or, when it is written plainly, by what it looks like.

    Raises:
        ValueError: the text is not what its tag says.
    """
    if tag is not None:
        kind = tag.removeprefix(TAG)
    elif not plain:
        return text
    elif text in _WORDS:
        return _WORDS[text]
    elif text[0] not in _NUMERIC or not _FLOAT.fullmatch(text):
        return text
    else:
        kind = "int" if _INTEGER.fullmatch(text) else "float"
    match kind:
        case "int":
            return int(text)
        case "float":
            return float(text)
        case "str":
            return text
    if text not in _WORDS or (_WORDS[text] is None) != (kind == "null"):
        raise ValueError(text)
    return _WORDS[text]
