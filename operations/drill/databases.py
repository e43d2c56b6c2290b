"""What the database clusters of the sandbox hold: one SQLite database in memory for each."""

# ruff: noqa: S608 - names come from this module's tables or the catalogue
from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from operations.drill.postgres import Statement, Verb, prepare

Value = str | int | float | bytes | None

_COLUMNS = {
    "information_schema_tables": "table_schema, table_name, table_type",
    "information_schema_columns": "table_schema, table_name, column_name, data_type",
    "information_schema_schemata": "schema_name",
    "information_schema_triggers": "trigger_schema, trigger_name, event_object_table",
    "information_schema_routines": "routine_schema, routine_name",
    "pg_indexes": "schemaname, tablename, indexname",
    "pg_tables": "schemaname, tablename",
    "pg_namespace": "nspname",
    "pg_stat_activity": "datname, usename, state, query_start, wait_event_type",
    "pg_stat_user_tables": "schemaname, relname, n_live_tup, n_dead_tup",
}


class StatementError(ValueError):
    """A statement that the database refuses; the message is the database's."""


@dataclass(frozen=True)
class Answer:
    """What a statement gave.

    Attributes:
        columns: Column names, empty for a statement that returns no rows.
        rows: The rows.
        changed: Rows written, updated or deleted.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()
    changed: int = 0


class Database:
    """One cluster's database.

    Args:
        name: Its name, as `datname` shows it.
        user: The master user, who holds the one connection that is always there.
    """

    def __init__(self, name: str, user: str) -> None:
        self._name = name
        self._user = user
        self._lock = threading.Lock()
        self._link = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._schemas = {"public": "main"}
        self._functions: set[str] = set()
        self._triggers: set[str] = set()
        self._link.create_function("now", 0, lambda: self._one("SELECT CURRENT_TIMESTAMP"))
        self._link.create_function("version", 0, lambda: "PostgreSQL 15 (sandbox)")
        self._link.create_function("current_database", 0, lambda: self._name)

    def run(self, sql: str, values: Mapping[str, Value] | None = None) -> Answer:
        """Run one statement of PostgreSQL.

        Args:
            sql: The statement, with `:name` for values.
            values: The values.

        Raises:
            StatementError: It is refused, or cannot be translated.
        """
        statement = prepare(sql)
        with self._lock:
            return self._SPECIAL.get(statement.verb, Database._sql)(self, statement, values or {})

    def holds(self, table: str) -> bool:
        """Whether a table, written `schema.table`, is there."""
        schema, _, name = table.partition(".")
        with self._lock:
            return (schema, name) in set(self._tables())

    def _create_schema(self, statement: Statement, _values: Mapping[str, Value]) -> Answer:
        if statement.name in self._schemas:
            if statement.if_exists:
                return Answer()
            raise StatementError(f'schema "{statement.name}" already exists')
        if statement.name == "public":
            self._schemas["public"] = "main"
            return Answer()
        self._link.execute(f"ATTACH ':memory:' AS {statement.name}")
        self._schemas[statement.name] = statement.name
        return Answer()

    def _drop_schema(self, statement: Statement, _values: Mapping[str, Value]) -> Answer:
        place = self._schemas.pop(statement.name, None)
        if place is None:
            if statement.if_exists:
                return Answer()
            raise StatementError(f'schema "{statement.name}" does not exist')
        if place == "main":
            for (table,) in self._link.execute(
                "SELECT name FROM main.sqlite_master WHERE type = 'table'"
            ).fetchall():
                self._link.execute(f'DROP TABLE IF EXISTS main."{table}"')
        else:
            self._link.execute(f"DETACH {place}")
        self._functions = {name for name in self._functions if not name.startswith(f"{statement.name}.")}
        self._triggers = {name for name in self._triggers if not name.startswith(f"{statement.name}.")}
        return Answer()

    def _create_function(self, statement: Statement, _values: Mapping[str, Value]) -> Answer:
        schema = statement.name.partition(".")[0] if "." in statement.name else "public"
        self._require_schema(schema)
        self._functions.add(statement.name)
        return Answer()

    def _create_trigger(self, statement: Statement, _values: Mapping[str, Value]) -> Answer:
        table, _, trigger = statement.name.rpartition(".")
        schema, _, name = table.rpartition(".")
        self._require_schema(schema or "public")
        if (schema or "public", name) not in set(self._tables()):
            raise StatementError(f'relation "{table}" does not exist')
        self._triggers.add(f"{schema or 'public'}.{name}.{trigger}")
        return Answer()

    def _nothing(self, _statement: Statement, _values: Mapping[str, Value]) -> Answer:
        return Answer()

    def _sql(self, statement: Statement, values: Mapping[str, Value]) -> Answer:
        for name in statement.catalogues:
            self._fill(name)
        try:
            cursor = self._link.execute(statement.sql, dict(values))
            rows = tuple(cursor.fetchall())
        except sqlite3.Error as error:
            raise StatementError(_as_postgres(str(error))) from error
        columns = tuple(column[0] for column in cursor.description or ())
        return Answer(columns, rows, max(cursor.rowcount, 0))

    def _require_schema(self, schema: str) -> None:
        if schema not in self._schemas:
            raise StatementError(f'schema "{schema}" does not exist')

    def _tables(self) -> list[tuple[str, str]]:
        return [
            (schema, name)
            for schema, place in self._schemas.items()
            for (name,) in self._link.execute(
                f"SELECT name FROM {place}.sqlite_master WHERE type = 'table' ORDER BY name"
            )
        ]

    def _indexes(self) -> list[tuple[str, str, str]]:
        return [
            (schema, table, f"{table}_pkey" if name.startswith("sqlite_autoindex") else name)
            for schema, place in self._schemas.items()
            for name, table in self._link.execute(
                f"SELECT name, tbl_name FROM {place}.sqlite_master WHERE type = 'index' ORDER BY name"
            )
        ]

    def _columns(self) -> list[tuple[str, str, str, str]]:
        return [
            (schema, table, column[1], column[2])
            for schema, table in self._tables()
            for column in self._link.execute(f'PRAGMA {self._schemas[schema]}.table_info("{table}")')
        ]

    def _fill(self, catalogue: str) -> None:
        rows: dict[str, Sequence[tuple[Value, ...]]] = {
            "information_schema_tables": [(*table, "BASE TABLE") for table in self._tables()],
            "information_schema_columns": self._columns(),
            "information_schema_schemata": [(name,) for name in self._schemas],
            "information_schema_triggers": [
                (parts[0], parts[2], parts[1])
                for parts in (name.split(".") for name in sorted(self._triggers))
            ],
            "information_schema_routines": [
                tuple(name.rpartition(".")[::2]) for name in sorted(self._functions)
            ],
            "pg_indexes": self._indexes(),
            "pg_tables": self._tables(),
            "pg_namespace": [(name,) for name in self._schemas],
            "pg_stat_activity": [
                (self._name, self._user, "active", self._one("SELECT CURRENT_TIMESTAMP"), None)
            ],
            "pg_stat_user_tables": [(*table, self._count(*table), 0) for table in self._tables()],
        }
        if catalogue not in rows:
            raise StatementError(f'relation "{catalogue}" is not in this sandbox')
        columns = _COLUMNS[catalogue]
        marks = ", ".join("?" for _ in columns.split(","))
        self._link.execute(f"CREATE TEMP TABLE IF NOT EXISTS {catalogue} ({columns})")
        self._link.execute(f"DELETE FROM temp.{catalogue}")
        self._link.executemany(f"INSERT INTO temp.{catalogue} VALUES ({marks})", rows[catalogue])

    def _count(self, schema: str, table: str) -> Value:
        return self._one(f'SELECT count(*) FROM {self._schemas[schema]}."{table}"')

    def _one(self, sql: str) -> Value:
        value: Value = self._link.execute(sql).fetchone()[0]
        return value

    _SPECIAL = {
        Verb.CREATE_SCHEMA: _create_schema,
        Verb.DROP_SCHEMA: _drop_schema,
        Verb.CREATE_FUNCTION: _create_function,
        Verb.CREATE_TRIGGER: _create_trigger,
        Verb.NOTHING: _nothing,
    }


@dataclass
class Databases:
    """The databases of all clusters, by the id that a cluster keeps for its life."""

    _by_cluster: dict[str, Database] = field(default_factory=dict)

    def of(self, cluster: str, name: str, user: str) -> Database:
        """The database of a cluster, empty when it is asked for the first time."""
        return self._by_cluster.setdefault(cluster, Database(name, user))

    def holding(self, table: str) -> Database | None:
        """A database that has the table, written `schema.table`; None when none has."""
        return next(
            (database for database in reversed(self._by_cluster.values()) if database.holds(table)), None
        )


def _as_postgres(message: str) -> str:
    """SQLite's complaint in PostgreSQL's words where a reader would look for them."""
    if match := re.match(r"no such table: (.+)", message):
        return f'relation "{match[1]}" does not exist'
    if match := re.match(r"unknown database (.+)", message):
        return f'schema "{match[1]}" does not exist'
    if match := re.match(r"no such column: (.+)", message):
        return f'column "{match[1]}" does not exist'
    return message
