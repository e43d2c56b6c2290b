"""Circles and reach in a graph: knots of nodes that reach each other, the shortest circle in one, who reaches whom."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]


def knots(graph: Graph) -> list[tuple[str, ...]]:
    """The groups of two or more nodes that all reach each other, in the graph's order.

    These are the strongly connected components, by Kosaraju's two passes, without recursion.
    """
    finished = list(_by_finish(graph))
    reverse: dict[str, list[str]] = {node: [] for node in graph}
    for node, nexts in graph.items():
        for other in nexts:
            reverse[other].append(node)
    rank = {node: number for number, node in enumerate(graph)}
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for node in reversed(finished):
        group = list(_reach(reverse, node, seen))
        if len(group) > 1:
            found.append(tuple(sorted(group, key=rank.__getitem__)))
    return sorted(found, key=lambda group: rank[group[0]])


def _by_finish(graph: Graph) -> Iterator[str]:
    seen: set[str] = set()
    for root in graph:
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(graph[root]))]
        while stack:
            node, nexts = stack[-1]
            following = next((other for other in nexts if other not in seen), None)
            if following is None:
                stack.pop()
                yield node
            else:
                seen.add(following)
                stack.append((following, iter(graph[following])))


def _reach(graph: Graph, start: str, seen: set[str]) -> Iterator[str]:
    stack = [] if start in seen else [start]
    seen.add(start)
    while stack:
        node = stack.pop()
        yield node
        new = [other for other in graph[node] if other not in seen]
        seen.update(new)
        stack.extend(new)


def shortest_cycle(graph: Graph, knot: Sequence[str]) -> tuple[str, ...]:
    """A shortest circle through the first node of a knot, that node at both ends."""
    start, inside = knot[0], set(knot)
    before: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other in graph[node]:
            if other == start:
                return (*_trace(before, node), start)
            if other in inside and other not in before:
                before[other] = node
                queue.append(other)
    raise ValueError(f"{start} is in no circle")


def _trace(before: Mapping[str, str], node: str) -> tuple[str, ...]:
    path = [node]
    while path[-1] in before:
        path.append(before[path[-1]])
    return tuple(reversed(path))


class Reach:
    """Who reaches whom, as one bit a node: ten thousand nodes in a chain would be fifty million pairs as sets."""

    def __init__(self, graph: Graph) -> None:
        self._bit = {node: 1 << number for number, node in enumerate(graph)}
        self._reached: dict[str, int] = {}
        knot_of = {node: knot for knot in knots(graph) for node in knot}
        left = {knot: len(knot) for knot in knot_of.values()}
        for node in _by_finish(graph):
            knot = knot_of.get(node, (node,))
            # The last of a knot to finish comes after everything that the knot reaches.
            left[knot] = left.get(knot, 1) - 1
            if not left[knot]:
                self._fill(graph, knot)

    def _fill(self, graph: Graph, knot: tuple[str, ...]) -> None:
        inside = set(knot)
        mask = sum(self._bit[node] for node in knot) if len(knot) > 1 else 0
        for node in knot:
            for other in graph[node]:
                mask |= self._bit[other] | (0 if other in inside else self._reached[other])
        for node in knot:
            self._reached[node] = mask

    def reaches(self, start: str, end: str) -> bool:
        """Whether there is a way from one node to another; False for nodes that the graph has not."""
        return bool(self._reached.get(start, 0) & self._bit.get(end, 0))
