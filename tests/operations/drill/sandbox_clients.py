"""Clients of a sandbox, for tests."""

from collections.abc import Callable
from typing import Any

Aws = Callable[[str], Any]


def clients_of(endpoint: str) -> Aws:
    """Clients by service, each made once; one try for each call."""
    import boto3
    from botocore.config import Config

    session = boto3.Session("AKIASANDBOXTESTS0000", "sandbox", region_name="us-east-1")
    config = Config(
        inject_host_prefix=False, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}
    )
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = session.client(service, endpoint_url=endpoint, config=config)
        return made[service]

    return client
