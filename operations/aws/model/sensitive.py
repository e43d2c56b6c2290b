"""Where the models mark members as sensitive."""

from __future__ import annotations

from collections.abc import Iterator

from operations.aws.model.shapes import Shape


def paths(shape: Shape | None) -> frozenset[tuple[str, ...]]:
    """Returns the paths of all members with the `sensitive` mark; `*` stands for any item of a list or map.

    A shape that contains itself is followed once: the paths inside its second occurrence are the same again.
    """
    return frozenset(_walk(shape, (), ())) if shape is not None else frozenset()


def is_sensitive(shape: Shape | None) -> bool:
    """Says whether a shape has the `sensitive` mark."""
    return shape is not None and bool(shape.metadata.get("sensitive"))


def _walk(shape: Shape, at: tuple[str, ...], inside: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if is_sensitive(shape):
        yield at
    elif shape.name in inside and shape.type_name in {"structure", "list", "map"}:
        return
    elif shape.type_name == "structure":
        for name, member in shape.members.items():
            yield from _walk(member, (*at, name), (*inside, shape.name))
    elif shape.type_name == "list":
        yield from _walk(shape.member, (*at, "*"), (*inside, shape.name))
    elif shape.type_name == "map":
        yield from _walk(shape.key, (*at, "*"), (*inside, shape.name))
        yield from _walk(shape.value, (*at, "*"), (*inside, shape.name))
