"""The engine's bench, for what only a run shows."""

from tests.operations.engine.conftest import bench

__all__ = ["bench"]
