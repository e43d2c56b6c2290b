"""RDS Data API: statements are run, on the database of the cluster that they name."""

from __future__ import annotations

from typing import Any

from operations.drill.databases import Answer, Database, StatementError, Value
from operations.drill.patches.support import answer, put, refusal
from operations.drill.world import World

_FIELDS = ("stringValue", "longValue", "doubleValue", "booleanValue", "blobValue")


def apply(world: World) -> None:
    """Make ExecuteStatement run statements, and BatchExecuteStatement one for each set of values."""
    from moto.rdsdata import urls
    from moto.rdsdata.responses import RDSDataServiceResponse

    def execute_statement(self: Any) -> Any:
        database = database_of(world, self.current_account, self.region, self._get_param("resourceArn"))
        got = _run(database, self._get_param("sql"), self._get_param("parameters") or [])
        return answer(_result(got, metadata=bool(self._get_param("includeResultMetadata"))))

    def batch_execute_statement(self: Any) -> Any:
        database = database_of(world, self.current_account, self.region, self._get_param("resourceArn"))
        sets = self._get_param("parameterSets") or [[]]
        for parameters in sets:
            _run(database, self._get_param("sql"), parameters)
        return answer({"updateResults": [{"generatedFields": []} for _ in sets]})

    put(RDSDataServiceResponse, "execute_statement", execute_statement)
    put(RDSDataServiceResponse, "batch_execute_statement", batch_execute_statement)
    urls.url_paths["{0}/BatchExecute$"] = RDSDataServiceResponse.dispatch


def database_of(world: World, account: str, region: str, cluster_arn: str) -> Database:
    """The database of a cluster.

    Raises:
        ServiceException: No cluster has this ARN.
    """
    from moto.rds.models import rds_backends

    for cluster in rds_backends[account][region].clusters.values():
        if cluster.db_cluster_arn == cluster_arn:
            name = getattr(cluster, "database_name", None) or "postgres"
            return world.databases.of(
                cluster.db_cluster_resource_id, name, cluster.master_username or "postgres"
            )
    raise refusal("BadRequestException", f"HttpEndpoint is not enabled for resource {cluster_arn}")


def _run(database: Database, sql: str, parameters: list[dict[str, Any]]) -> Answer:
    try:
        return database.run(sql, {item["name"]: _value(item.get("value") or {}) for item in parameters})
    except StatementError as error:
        raise refusal("BadRequestException", f"ERROR: {error}") from error


def _value(wire: dict[str, Any]) -> Value:
    return next((wire[name] for name in _FIELDS if name in wire), None)


def _field(value: Value) -> dict[str, Any]:
    if value is None:
        return {"isNull": True}
    if isinstance(value, bool | int):
        return {"longValue": int(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"stringValue": value if isinstance(value, str) else value.decode()}


def _result(got: Answer, *, metadata: bool) -> dict[str, Any]:
    result: dict[str, Any] = {"numberOfRecordsUpdated": got.changed, "generatedFields": []}
    if got.columns:
        result["records"] = [[_field(value) for value in row] for row in got.rows]
        if metadata:
            result["columnMetadata"] = [{"name": name, "label": name} for name in got.columns]
    return result
