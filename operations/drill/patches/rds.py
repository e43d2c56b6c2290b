"""RDS: the endpoints of a cluster are described, its automated snapshots go with it, and no proxy is deleted twice."""

from __future__ import annotations

from typing import Any

from operations.drill.patches.support import Method, answer, put, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Answer DescribeDBClusterEndpoints, delete automated snapshots with their cluster, and refuse as AWS does."""
    from moto.rds import models, responses

    def describe_db_cluster_endpoints(self: Any) -> Any:
        asked = self.params.get("DBClusterIdentifier")
        clusters = self.backend.describe_db_clusters(db_cluster_identifier=asked, filters={})
        return answer({"DBClusterEndpoints": [end for cluster in clusters for end in _endpoints(cluster)]})

    put(responses.RDSResponse, "describe_db_cluster_endpoints", describe_db_cluster_endpoints)
    wrap(models.RDSBackend, "delete_db_cluster", _without_automated)
    wrap(models.RDSBackend, "delete_db_proxy", _once)


def _endpoints(cluster: Any) -> list[dict[str, str]]:
    kinds = (("WRITER", cluster.endpoint), ("READER", cluster.reader_endpoint))
    return [
        {
            "DBClusterIdentifier": cluster.db_cluster_identifier,
            "Endpoint": end,
            "Status": "available",
            "EndpointType": kind,
        }
        for kind, end in kinds
    ]


def _without_automated(original: Method) -> Method:
    def delete_db_cluster(self: Any, cluster_identifier: str, *args: Any, **kwargs: Any) -> Any:
        deleted = original(self, cluster_identifier, *args, **kwargs)
        for name in [
            name for name in self.cluster_snapshots if name.startswith(f"rds:{cluster_identifier}-")
        ]:
            self.cluster_snapshots.pop(name)
        return deleted

    return delete_db_cluster


def _once(original: Method) -> Method:
    def delete_db_proxy(self: Any, proxy_name: str) -> Any:
        self.describe_db_proxies(proxy_name)  # refuses when there is none
        return original(self, proxy_name)

    return delete_db_proxy
