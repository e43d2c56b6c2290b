"""Judges a SQL text without a database: is it one statement that only reads, or one that may be repeated?

Errs on the safe side: what it does not understand is taken for a change. PostgreSQL's lexical rules
(https://www.postgresql.org/docs/15/sql-syntax-lexical.html).
"""

from __future__ import annotations

import itertools
import re
from typing import Final

_TOKEN: Final = re.compile(
    r"""
      (?P<comment>--[^\n]*)
    | (?P<block>/\*)
    | (?P<string>[eE]'(?:[^'\\]|\\.|'')*'|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*')
    | (?P<dollar>\$(?P<tag>[A-Za-z_]\w*)?\$)
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<word>[A-Za-z_][\w$]*)
    | (?P<mark>[;(),.])
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_READS: Final = frozenset({"SELECT", "SHOW", "EXPLAIN", "WITH", "VALUES", "TABLE"})
_CHANGES: Final = frozenset(
    """
    ALTER BEGIN CALL CHECKPOINT CLUSTER COMMENT COMMIT COPY CREATE DEALLOCATE DECLARE DELETE DISCARD DO
    DROP EXECUTE FETCH GRANT IMPORT INSERT INTO LISTEN LOAD LOCK MERGE MOVE NOTIFY PREPARE REASSIGN
    REFRESH REINDEX RELEASE REPLACE RESET REVOKE ROLLBACK SAVEPOINT SECURITY SET START TRUNCATE UNLISTEN
    UPDATE VACUUM
    """.split()  # noqa: SIM905  a list of a hundred quoted words is no easier to read
)
_LOCKS: Final = frozenset({"UPDATE", "SHARE", "NO", "KEY"})
_BEFORE_PARENTHESIS: Final = frozenset(
    """
    ALL AND ANY ARRAY AS BETWEEN BY CASE CAST DISTINCT ELSE EXCEPT EXISTS FILTER FROM GROUPING HAVING IN
    INTERSECT IS JOIN LATERAL LIKE ILIKE LIMIT NOT OFFSET ON OR OVER PARTITION ROLLUP CUBE SETS ROW
    SELECT SIMILAR SOME THEN TO UNION USING VALUES WHEN WHERE WITH WITHIN GROUP EXPLAIN MATERIALIZED
    """.split()  # noqa: SIM905  a list of a hundred quoted words is no easier to read
)
_PURE: Final = frozenset(
    """
    abs age array_agg array_length array_to_string avg bit_length bool_and bool_or btrim cardinality
    ceil ceiling char_length coalesce col_description concat concat_ws count cume_dist current_database
    current_schema current_setting current_user date date_bin date_part date_trunc decode dense_rank div
    encode extract first_value floor format format_type generate_series greatest has_database_privilege
    has_schema_privilege has_table_privilege hashtext initcap json_agg json_array_length
    json_build_object json_object_agg jsonb_agg jsonb_array_elements jsonb_array_length
    jsonb_build_object jsonb_extract_path_text jsonb_object_keys jsonb_typeof lag last_value lead least
    left length lower lpad ltrim make_interval max md5 min mod mode now nullif num_nonnulls num_nulls
    numeric obj_description octet_length overlay percentile_cont percentile_disc pg_column_size
    pg_database_size pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_viewdef pg_indexes_size
    pg_is_in_recovery pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp
    pg_postmaster_start_time pg_relation_size pg_size_pretty pg_table_size pg_total_relation_size
    pg_typeof pg_wal_lsn_diff position power rank regexp_match regexp_matches regexp_replace replace
    reverse right round row_number row_to_json rpad rtrim sha256 sign split_part sqrt starts_with stddev
    string_agg strpos substr substring sum timezone to_char to_date to_json to_jsonb to_number
    to_regclass to_regnamespace to_timestamp translate trim trunc unnest upper varchar variance version
    width_bucket
    """.split()  # noqa: SIM905  a list of a hundred quoted words is no easier to read
)
"""Built-in functions without effect. Any other function may write (nextval, set_config, lo_import, a plan's own)."""
_REPEATABLE: Final = re.compile(
    r"^(CREATE (UNIQUE )?(TABLE|INDEX|SCHEMA|EXTENSION|SEQUENCE|MATERIALIZED VIEW)( CONCURRENTLY)? IF NOT EXISTS\b"
    r"|CREATE OR REPLACE (FUNCTION|PROCEDURE|TRIGGER|VIEW|RULE)\b"
    r"|DROP [A-Z ]+? IF EXISTS\b|GRANT\b|REVOKE\b|ANALYZE\b|VACUUM\b"
    r"|ALTER TABLE (IF EXISTS )?[\w\". ]+? ADD COLUMN IF NOT EXISTS [^,]*$)"
)


class _Unreadable(Exception):  # noqa: N818  a signal inside this module
    """The text ends inside a comment or a quoted string."""


def reads_only(sql: str) -> bool:
    """Says whether a SQL text is one statement that surely changes nothing.

    True for a single SELECT, SHOW, EXPLAIN, VALUES, TABLE or WITH that has no data-modifying part, no INTO, no row
    locks and calls only functions that are known to be free of effects.
    """
    words = _single_statement(sql)
    if not words or words[0].upper() not in _READS:
        return False
    upper = [word.upper() for word in words]
    if upper[0] == "SHOW":
        return True
    if _CHANGES.intersection(upper):
        return _only_calls_of_replace(upper)
    locks = any(word == "FOR" and after in _LOCKS for word, after in itertools.pairwise(upper))
    return not locks and _calls_are_pure(words)


def repeatable(sql: str) -> bool:
    """Says whether running a SQL text twice has the effect of running it once, or none at all.

    True for reads and for single statements such as CREATE … IF NOT EXISTS, CREATE OR REPLACE and DROP … IF EXISTS.
    """
    if reads_only(sql):
        return True
    words = _single_statement(sql)
    return bool(words) and _REPEATABLE.match(" ".join(words).upper()) is not None


def _only_calls_of_replace(upper: list[str]) -> bool:
    """Reads may call the function replace(); every other changing word disqualifies."""
    changing = [
        (word, after) for word, after in zip(upper, [*upper[1:], ""], strict=True) if word in _CHANGES
    ]
    return all(word == "REPLACE" and after == "(" for word, after in changing) and _calls_are_pure(upper)


def _calls_are_pure(words: list[str]) -> bool:
    for index, word in enumerate(words[:-1]):
        if words[index + 1] != "(" or not re.match(r'[\w"]', word):
            continue
        qualified = index > 1 and words[index - 1] == "." and words[index - 2].lower() != "pg_catalog"
        known = word.upper() in _BEFORE_PARENTHESIS or word.lower() in _PURE
        common_table = index + 2 < len(words) and words[index - 1].upper() in {"WITH", "AS", "RECURSIVE"}
        if qualified or not (known or common_table):
            return False
    return True


def _single_statement(sql: str) -> list[str]:
    """Returns the words and marks of the only statement in `sql`; empty when there is none or there are several."""
    try:
        tokens = _tokens(sql)
    except _Unreadable:
        return []
    while tokens and tokens[-1] == ";":
        tokens.pop()
    return [] if ";" in tokens else tokens


def _tokens(sql: str) -> list[str]:
    found: list[str] = []
    position = 0
    while position < len(sql):
        match = _TOKEN.match(sql, position)
        kind = match.lastgroup if match else None
        if match is None:
            raise _Unreadable
        position = match.end()
        if match["block"]:
            position = _after_block_comment(sql, position)
        elif match["dollar"]:
            end = sql.find(match["dollar"], position)
            if end < 0:
                raise _Unreadable
            position = end + len(match["dollar"])
            found.append("''")
        elif match["string"]:
            found.append("''")
        elif kind == "other" and match.group() in "'\"":
            raise _Unreadable
        elif match["word"] or match["mark"] or match["quoted"]:
            found.append(match.group())
    return found


def _after_block_comment(sql: str, position: int) -> int:
    depth = 1
    for mark in re.finditer(r"/\*|\*/", sql[position:]):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return position + mark.end()
    raise _Unreadable
