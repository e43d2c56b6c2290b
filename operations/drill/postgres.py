"""From the PostgreSQL that plans write to the SQL that SQLite runs.

Only what migration plans use: schemas, tables, indexes, functions and triggers are made, rows are written and counted, the
catalogue is asked. What cannot be translated is an error, never a silent success.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Verb(Enum):
    """What a statement does that SQLite does not do itself."""

    CREATE_SCHEMA = "create schema"
    DROP_SCHEMA = "drop schema"
    CREATE_FUNCTION = "create function"
    CREATE_TRIGGER = "create trigger"
    NOTHING = "nothing"
    SQL = "sql"


@dataclass(frozen=True)
class Statement:
    """A statement made ready.

    Attributes:
        verb: Which kind it is.
        name: The schema, or the qualified function or table that it is about; empty for plain SQL.
        sql: The translated text when `verb` is `SQL`.
        if_exists: Whether `IF EXISTS` or `IF NOT EXISTS` stands in it.
        catalogues: Catalogue tables that it reads, under the names that SQLite will find them by.
    """

    verb: Verb
    name: str = ""
    sql: str = ""
    if_exists: bool = False
    catalogues: frozenset[str] = frozenset()


_NAME = r'"?([A-Za-z_][\w$]*)"?'
_SCHEMA = re.compile(rf"^(create|drop)\s+schema\s+(if\s+(?:not\s+)?exists\s+)?{_NAME}", re.IGNORECASE)
_FUNCTION = re.compile(r"^create\s+(?:or\s+replace\s+)?function\s+([\w.]+)", re.IGNORECASE)
_TRIGGER = re.compile(
    r"^create\s+(?:or\s+replace\s+)?trigger\s+(\w+)\b.*?\bon\s+([\w.]+)", re.IGNORECASE | re.DOTALL
)
_INDEX = re.compile(
    r"^create\s+(unique\s+)?index\s+(?:concurrently\s+)?(if\s+not\s+exists\s+)?(\w+)\s+on\s+(?:only\s+)?(?:(\w+)\.)?(\w+)\s*"
    r"(?:using\s+\w+\s*)?",
    re.IGNORECASE,
)
_IDLE = re.compile(r"^(analyze|vacuum|set|reset|grant|revoke|comment|create\s+extension)\b", re.IGNORECASE)
_CATALOGUE = re.compile(
    r"\b(?:(information_schema)\.(\w+)|(?:pg_catalog\.)?(pg_indexes|pg_tables|pg_stat_activity|pg_stat_user_tables|pg_namespace))\b",
    re.IGNORECASE,
)
_REWRITES = (
    (re.compile(r"\bnow\(\)\s*-\s*interval\s*'(\d+ \w+)'", re.IGNORECASE), r"datetime('now', '-\1')"),
    (re.compile(r"\bpublic\.", re.IGNORECASE), "main."),
    (re.compile(r"(\breferences\s+)\w+\.(\w+)", re.IGNORECASE), r"\1\2"),
    (re.compile(r"\bdefault\s+now\(\)", re.IGNORECASE), "DEFAULT CURRENT_TIMESTAMP"),
    (re.compile(r"\bdefault\s+gen_random_uuid\(\)", re.IGNORECASE), "DEFAULT (lower(hex(randomblob(16))))"),
    (re.compile(r"::\s*[a-z_]+(?:\s*\([\d,\s]*\))?(?:\[\])?", re.IGNORECASE), ""),
    (re.compile(r"\b(big|small)?serial\s+primary\s+key\b", re.IGNORECASE), "INTEGER PRIMARY KEY"),
    (re.compile(r"\btruncate\s+(?:table\s+)?([\w.]+)(?:\s+cascade)?", re.IGNORECASE), r"DELETE FROM \1"),
    (re.compile(r"(\bdrop\s+(?:table|index)\b.*?)\s+(?:cascade|restrict)\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bilike\b", re.IGNORECASE), "LIKE"),
)


def prepare(sql: str) -> Statement:
    """Translate one statement of PostgreSQL."""
    text = sql.strip().rstrip(";").strip()
    if match := _SCHEMA.match(text):
        verb = Verb.CREATE_SCHEMA if match[1].lower() == "create" else Verb.DROP_SCHEMA
        return Statement(verb, match[3].lower(), if_exists=bool(match[2]))
    if match := _FUNCTION.match(text):
        return Statement(Verb.CREATE_FUNCTION, match[1].lower())
    if match := _TRIGGER.match(text):
        return Statement(Verb.CREATE_TRIGGER, f"{match[2]}.{match[1]}".lower())
    if _IDLE.match(text):
        return Statement(Verb.NOTHING)
    text, catalogues = _catalogues(_INDEX.sub(_index, text))
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return Statement(Verb.SQL, sql=text, catalogues=catalogues)


def _index(match: re.Match[str]) -> str:
    unique, guard, name, schema, table = match.groups()
    return f"CREATE {unique or ''}INDEX {guard or ''}{schema + '.' if schema else ''}{name} ON {table} "


def _catalogues(text: str) -> tuple[str, frozenset[str]]:
    found: set[str] = set()

    def rename(match: re.Match[str]) -> str:
        name = f"{match[1]}_{match[2]}".lower() if match[1] else match[3].lower()
        found.add(name)
        return f"temp.{name}"

    return _CATALOGUE.sub(rename, text), frozenset(found)
