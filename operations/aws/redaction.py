"""Takes secrets out of everything that is journaled, logged or shown: by the API models' marks, by name, by taint."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast
from urllib.parse import quote

from operations.aws.jsonable import Json, jsonable
from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.sensitive import is_sensitive
from operations.aws.model.shapes import Shape
from operations.aws.secret_words import (
    LABEL_KEYS,
    REDACTED,
    VALUE_KEYS,
    is_harmless_field,
    is_public_mark,
    is_secret_name,
    mask_written_secrets,
)

__all__ = ["REDACTED", "Json", "Redactor", "jsonable"]

_Shape: TypeAlias = Shape | None
_MIN_LENGTH: Final = 6
"""Shorter values are no secrets worth the name, and masking them everywhere would make the journal unreadable."""
_MAX_LENGTH: Final = 65536
"""The largest secret that AWS stores (Secrets Manager quota, 64 KiB)."""
_MAX_DEPTH: Final = 64
_PASSES: Final = 8


class Redactor:
    """Masks secrets, and remembers each one it has met so that it is masked wherever it turns up later.

    Three nets, because each has holes: the `sensitive` marks of the API models (which miss e.g. STS session tokens),
    the names of members, and taint. Meant for one event loop: no lock, and no state but the set of secrets.

    Args:
        catalog: The API model that holds the marks.
        tell: Told of every secret once it is learnt, for whoever must remember it longer than this redactor lives.
    """

    def __init__(self, catalog: ApiCatalog, *, tell: Callable[[str], None] | None = None) -> None:
        self._catalog = catalog
        self._tell = tell
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, secret: str) -> None:
        """Remembers a secret; from now on it is masked in every text, also where it is escaped or encoded.

        A value of fewer than 6 or more than 65,536 characters is ignored.
        """
        if not _MIN_LENGTH <= len(secret) <= _MAX_LENGTH or secret in REDACTED:
            return
        fresh = {form for form in _spellings(secret) if len(form) >= _MIN_LENGTH and form not in REDACTED}
        if not fresh <= self._secrets:
            self._secrets |= fresh
            self._pattern = None
            if self._tell is not None:
                self._tell(secret)

    def learn_all(self, value: object) -> None:
        """Remembers every text and number in a value that is secret as a whole, whatever its type."""
        self._learn_document(value, 0)

    def redact_params(self, api: str, params: Mapping[str, object]) -> dict[str, object]:
        """Returns a call's parameters without secrets; learns those that it finds."""
        return self._redact(self._catalog.input_shape(api), params)

    def redact_response(self, api: str, response: Mapping[str, object]) -> dict[str, object]:
        """Returns an answer without secrets and without HTTP headers; learns the secrets that it finds."""
        kept = dict(response)
        metadata = kept.get("ResponseMetadata")
        if isinstance(metadata, Mapping):
            kept["ResponseMetadata"] = {key: item for key, item in metadata.items() if key != "HTTPHeaders"}
        return self._redact(self._catalog.output_shape(api), kept)

    def learn_params(self, api: str, params: Mapping[str, object]) -> None:
        """Learns the secrets in a call's parameters before it is sent: an error may quote them."""
        self._mask(dict(params), self._catalog.input_shape(api), "", 0)

    def learn_response(self, api: str, response: Mapping[str, object]) -> None:
        """Learns the secrets in an answer, whatever is then made of it."""
        self._mask(dict(response), self._catalog.output_shape(api), "", 0)

    def masked(self, api: str, params: Mapping[str, object]) -> dict[str, object]:
        """Returns a call's parameters masked by marks and names alone, the same in every process.

        What a digest of the parameters must be made of: `redact_params` also depends on the secrets met so far.
        """
        return cast("dict[str, object]", self._mask(dict(params), self._catalog.input_shape(api), "", 0))

    def redact_value(self, value: object) -> object:
        """Returns any data without secrets, going by names and taint alone."""
        return self._taint(self._mask(value, None, "", 0), 0)

    def redact_text(self, text: str) -> str:
        """Returns a text without the secrets learnt so far and without what is written as `password=…` and the like."""
        for _ in range(_PASSES):
            pattern = self._known()
            if pattern is None or pattern.search(text) is None:
                return mask_written_secrets(text)
            text = pattern.sub(REDACTED, text)
        return REDACTED  # what is left would spell a secret together with the mask

    def _redact(self, shape: _Shape, value: Mapping[str, object]) -> dict[str, object]:
        # Two walks: a secret may stand in an earlier member than the one that is marked.
        return cast("dict[str, object]", self._taint(self._mask(dict(value), shape, "", 0), 0))

    def _mask(self, value: object, shape: _Shape, name: str, depth: int) -> object:
        if depth > _MAX_DEPTH:
            return REDACTED
        if is_sensitive(shape):
            return self._hide(value, quiet=is_public_mark(name), depth=depth)
        if isinstance(value, Mapping):
            return self._mask_mapping(value, shape, depth)
        if isinstance(value, list | tuple):
            member = shape.member if shape is not None and shape.type_name == "list" else None
            return [self._mask(item, member, name, depth + 1) for item in value]
        return value

    def _mask_mapping(
        self, value: Mapping[object, object], shape: _Shape, depth: int
    ) -> dict[object, object]:
        masked: dict[object, object] = {}
        label = _label(value)
        open_value = value.get("Type") in ("String", "StringList")  # an SSM parameter that is no SecureString
        for key, item in value.items():
            name, member = str(key), _member(shape, str(key))
            if _is_scalar(item) and _names_secret(name, label) and not _is_arn(item):
                masked[key] = self._hide(item, quiet=False, depth=depth)
            elif is_sensitive(member) and open_value and name == "Value":
                masked[key] = self._hide(item, quiet=True, depth=depth)
            else:
                masked[key] = self._mask(item, member, name, depth + 1)
        return masked

    def _hide(self, value: object, *, quiet: bool, depth: int) -> object:
        """Masks a value that is secret as a whole; keeps the outline of lists and mappings.

        Quiet: masked here, but only what has a secret's name is learnt. The models mark whole environments, tags and
        key ids; masking a region or a cluster's name everywhere would leave no evidence.
        """
        if value is None:
            return None
        if isinstance(value, Mapping) and depth <= _MAX_DEPTH:
            label = _label(value)
            return {
                key: self._hide(item, quiet=quiet and not _names_secret(str(key), label), depth=depth + 1)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple) and depth <= _MAX_DEPTH:
            return [self._hide(item, quiet=quiet, depth=depth + 1) for item in value]
        if not quiet and not _is_arn(value):
            self._learn_from(value, depth)
        return REDACTED

    def _learn_from(self, value: object, depth: int) -> None:
        """Learns a secret, and where it is a JSON document, the secrets inside."""
        if isinstance(value, bytes | bytearray):
            self.learn(base64.b64encode(value).decode())
            value = bytes(value).decode("utf-8", "replace")
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str):
            self.learn(value)
            if value.lstrip()[:1] in {"{", "["}:
                self._learn_document(_parsed(value), depth)

    def _learn_document(self, value: object, depth: int) -> None:
        if depth > _MAX_DEPTH:
            return
        if isinstance(value, Mapping):
            for key, item in value.items():
                if not (is_harmless_field(str(key)) and _is_scalar(item)):
                    self._learn_document(item, depth + 1)
        elif isinstance(value, list):
            for item in value:
                self._learn_document(item, depth + 1)
        else:
            self._learn_from(value, depth + 1)

    def _taint(self, value: object, depth: int) -> object:
        if depth > _MAX_DEPTH * 2:
            return REDACTED
        if isinstance(value, Mapping):
            return self._taint_mapping(value, depth)
        if isinstance(value, list | tuple):
            return [self._taint(item, depth + 1) for item in value]
        if isinstance(value, str):
            return self.redact_text(value)
        if isinstance(value, int | float) and str(value) in self._secrets:
            return REDACTED
        if isinstance(value, bytes | bytearray):
            text = bytes(value).decode("utf-8", "surrogateescape")
            return value if self.redact_text(text) == text else REDACTED
        return value

    def _taint_mapping(self, value: Mapping[object, object], depth: int) -> dict[object, object]:
        clean: dict[object, object] = {}
        for key, item in value.items():
            name = self.redact_text(key) if isinstance(key, str) else key
            unique, number = name, 2
            while unique in clean:
                unique, number = f"{name}#{number}", number + 1
            clean[unique] = self._taint(item, depth + 1)
        return clean

    def _known(self) -> re.Pattern[str] | None:
        if self._pattern is None and self._secrets:
            longest_first = sorted(self._secrets.copy(), key=lambda form: (-len(form), form))
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        return self._pattern


def _label(value: Mapping[object, object]) -> str:
    """Returns the name in a pair such as `{name: DB_PASSWORD, value: …}`, or an empty string."""
    return next((str(value[key]) for key in LABEL_KEYS if isinstance(value.get(key), str)), "")


def _names_secret(name: str, label: str) -> bool:
    return is_secret_name(name) or (name in VALUE_KEYS and is_secret_name(label))


def _member(shape: _Shape, name: str) -> _Shape:
    if shape is None or shape.type_name not in {"structure", "map"}:
        return None
    return shape.value if shape.type_name == "map" else shape.members.get(name)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | bytes | bytearray | int | float) and not isinstance(value, bool)


def _is_arn(value: object) -> bool:
    """Says whether a value names something in AWS; where a secret is kept is evidence, not a secret."""
    return isinstance(value, str) and value.startswith("arn:")


def _parsed(text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError):
        return None


def _spellings(secret: str) -> set[str]:
    """Returns the forms in which a secret may stand in a text: plain, in JSON once or twice, in a URL, as base64."""
    forms = {secret}
    for ascii_only in (True, False):
        once = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        forms |= {once, json.dumps(once, ensure_ascii=ascii_only)[1:-1]}
    raw = secret.encode("utf-8", "surrogatepass")
    return forms | {quote(raw, safe=""), quote(raw, safe="/"), base64.b64encode(raw).decode()}
