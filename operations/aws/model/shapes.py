"""What the model reads of botocore's shapes; botocore ships no types of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Shape(Protocol):
    """A botocore shape; which attributes beyond the first four exist depends on `type_name`."""

    name: str
    type_name: str
    metadata: Mapping[str, Any]
    serialization: Mapping[str, Any]
    members: Mapping[str, Shape]  # structure
    required_members: Sequence[str]  # structure
    is_document_type: bool  # structure
    is_tagged_union: bool  # structure
    member: Shape  # list
    key: Shape  # map
    value: Shape  # map


class ErrorShape(Protocol):
    """The shape of an error that an operation declares."""

    error_code: str


class Operation(Protocol):
    """A botocore operation model."""

    name: str
    input_shape: Shape | None
    output_shape: Shape | None
    error_shapes: Sequence[ErrorShape]
    idempotent_members: Sequence[str]


class Service(Protocol):
    """A botocore service model."""

    service_name: str
    signing_name: str
    operation_names: Sequence[str]

    def operation_model(self, operation_name: str) -> Operation:
        """Returns the model of one operation."""
        ...


def is_document(shape: Shape) -> bool:
    """Says whether a shape takes any JSON value."""
    return shape.type_name == "structure" and shape.is_document_type


def enum_of(shape: Shape) -> Sequence[str]:
    """Returns the values that a string shape admits; empty when it is free text."""
    values: Sequence[str] = shape.metadata.get("enum", ())
    return values
