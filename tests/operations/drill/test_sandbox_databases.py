"""The databases of the sandbox: the PostgreSQL of a plan runs, and what is wrong is refused."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_clients import Aws

from operations.drill.databases import Database, StatementError

TABLE = (
    "CREATE TABLE IF NOT EXISTS core.agents (created_at timestamptz NOT NULL DEFAULT now(), metadata jsonb NOT NULL DEFAULT '{}', "
    "name varchar(255) NOT NULL, id uuid DEFAULT gen_random_uuid(), PRIMARY KEY (id))"
)
CHILD = (
    "CREATE TABLE core.finds (agent_id uuid, weight numeric(3,2), id uuid DEFAULT gen_random_uuid(), PRIMARY KEY (id), "
    "FOREIGN KEY (agent_id) REFERENCES core.agents (id), CHECK (weight BETWEEN 0 AND 1))"
)
TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'core'"
INDEXES = "SELECT count(*) FROM pg_indexes WHERE schemaname = 'core' AND indexname NOT LIKE '%_pkey'"


@pytest.fixture
def database() -> Database:
    made = Database("mistersmith", "owner")
    for sql in (
        "CREATE SCHEMA IF NOT EXISTS core",
        TABLE,
        CHILD,
        "CREATE INDEX IF NOT EXISTS by_name ON core.agents (name)",
    ):
        made.run(sql)
    return made


def test_tables_and_indexes_are_counted_in_the_catalogue(database: Database) -> None:
    assert database.run(TABLES).rows == ((2,),)
    assert database.run(INDEXES).rows == ((1,),)
    database.run("CREATE INDEX by_age ON core.agents (created_at DESC)")
    assert database.run(INDEXES).rows == ((2,),)


def test_making_the_same_again_is_harmless_only_when_the_statement_says_so(database: Database) -> None:
    database.run("CREATE SCHEMA IF NOT EXISTS core")
    database.run(TABLE)
    with pytest.raises(StatementError, match="already exists"):
        database.run("CREATE SCHEMA core")
    with pytest.raises(StatementError, match="already exists"):
        database.run(CHILD)


def test_defaults_constraints_and_named_values_hold(database: Database) -> None:
    assert database.run("INSERT INTO core.agents (name) VALUES (:name)", {"name": "a"}).changed == 1
    created, identity = database.run("SELECT created_at, id FROM core.agents").rows[0]
    assert created
    assert len(str(identity)) == 32
    with pytest.raises(StatementError):
        database.run("INSERT INTO core.finds (weight) VALUES (2)")
    with pytest.raises(StatementError):
        database.run("INSERT INTO core.agents (metadata) VALUES ('{}'::jsonb)")
    assert database.run("DELETE FROM core.agents WHERE name = :name", {"name": "a"}).changed == 1


def test_triggers_need_their_table_and_functions_their_schema(database: Database) -> None:
    database.run(
        "CREATE OR REPLACE FUNCTION core.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    )
    trigger = (
        "CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON core.{} FOR EACH ROW EXECUTE FUNCTION core.touch()"
    )
    database.run(trigger.format("agents"))
    assert database.run("SELECT count(*) FROM information_schema.triggers").rows == ((1,),)
    with pytest.raises(StatementError, match="does not exist"):
        database.run(trigger.format("nothing"))
    with pytest.raises(StatementError, match='schema "other" does not exist'):
        database.run("CREATE FUNCTION other.f() RETURNS trigger AS ''")


def test_dropping_a_schema_takes_everything_in_it(database: Database) -> None:
    database.run("DROP SCHEMA IF EXISTS core CASCADE")
    assert database.run(TABLES).rows == ((0,),)
    with pytest.raises(StatementError, match="does not exist"):
        database.run("SELECT * FROM core.agents")
    with pytest.raises(StatementError, match="does not exist"):
        database.run("DROP SCHEMA core CASCADE")


def test_public_can_be_dropped_and_made_again(database: Database) -> None:
    database.run("CREATE TABLE public.tasks (id integer PRIMARY KEY)")
    assert database.holds("public.tasks")
    database.run("DROP SCHEMA IF EXISTS public CASCADE")
    database.run("CREATE SCHEMA public")
    assert not database.holds("public.tasks")


def test_nonsense_is_refused(database: Database) -> None:
    with pytest.raises(StatementError):
        database.run("SELEC 1")
    with pytest.raises(StatementError, match="not in this sandbox"):
        database.run("SELECT * FROM information_schema.domains")


def test_the_data_api_runs_statements_on_the_cluster_it_names(aws: Aws, cluster_arn: str) -> None:
    data = aws("rds-data")

    def run(sql: str, **more: Any) -> Any:
        return data.execute_statement(
            resourceArn=cluster_arn, secretArn="arn:aws:secretsmanager:us-east-1:1:secret:x", sql=sql, **more
        )

    run("CREATE SCHEMA IF NOT EXISTS api")
    run("CREATE TABLE api.t (a int, b text, c numeric)")
    tag = [{"name": "b", "value": {"stringValue": "x"}}]
    assert (
        run("INSERT INTO api.t VALUES (1, :b, 1.5), (2, NULL, 0.5)", parameters=tag)["numberOfRecordsUpdated"]
        == 2
    )
    got = run("SELECT a, b, c FROM api.t ORDER BY a", includeResultMetadata=True)
    assert got["records"] == [
        [{"longValue": 1}, {"stringValue": "x"}, {"doubleValue": 1.5}],
        [{"longValue": 2}, {"isNull": True}, {"doubleValue": 0.5}],
    ]
    assert [column["name"] for column in got["columnMetadata"]] == ["a", "b", "c"]
    users = run("SELECT count(*) FROM pg_stat_activity WHERE datname = 'mistersmith' AND usename = 'owner'")
    assert users["records"][0][0]["longValue"] == 1
    with pytest.raises(ClientError, match="does not exist"):
        run("SELECT * FROM api.missing")
    with pytest.raises(ClientError, match="HttpEndpoint is not enabled"):
        data.execute_statement(resourceArn=cluster_arn + "x", secretArn="x" * 20, sql="SELECT 1")
