"""Plans that attack their reader, as files and as folders; and an honest plan that is as large as one may be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

HEAD = 'plan: hostile\ntitle: t\naccount: "123456789012"\nregion: us-east-1\n'
OPERATION = """phases:
  - id: "1"
    title: One
    subphases:
      - id: "1.1"
        title: One
        operations:
          - id: op
            title: Op
            kind: data
            inverse: [{manual: look}]
            forward:
              - %s
"""
BOMB = (
    HEAD
    + "a: &a [x, x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
)
PHASES = 'phases: [{id: "1", title: One, subphases: [{id: "1.1", title: One, operations: %s}]}]'
HONEST = """          - id: %(id)s
            title: Operation %(id)s
            kind: configuration
            estimate: 1
            forward:
              - api: "ssm:PutParameter"
                params: {Name: /big/%(id)s, Value: "one", Type: String}
            inverse:
              - api: "ssm:DeleteParameter"
                params: {Name: /big/%(id)s}
            verify:
              - api: "ssm:GetParameter"
                params: {Name: /big/%(id)s}
                expect: "Parameter.Value == 'one'"
"""


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """Every attack in one file; a plan of 50 MB is made when it is its turn."""
    yield "alias bomb", BOMB.encode()
    yield "50 MB", (HEAD + "notes: |\n" + "  a line of text\n" * 3_000_000).encode()
    yield "50 MB of nodes", (HEAD + "phases: [" + "a," * 25_000_000 + "]").encode()
    yield "nodes below the limit of size", (HEAD + "phases: [" + "a," * 1_900_000 + "]").encode()
    yield "nodes below the limit of nodes", (HEAD + "phases: [" + "a," * 99_000 + "]").encode()
    yield "unknown keys", (HEAD + "".join(f"k{n}: 1\n" for n in range(49_000))).encode()
    yield "unknown long keys", (HEAD + "".join(f"k{n}{'y' * 70}: 1\n" for n in range(45_000))).encode()
    yield "operations that are none", (HEAD + PHASES % f"[{'{},' * 99_000}]").encode()
    yield "metrics that are none", (HEAD + "metrics: [" + "{}," * 99_000 + "]").encode()
    step = "{api: 1, http: 2, save: 3}\n" + " " * 14 + "- "
    yield "steps that are none", (HEAD + OPERATION % (step * 14_000 + "{}")).encode()
    yield "deep and wide", (HEAD + "phases: " + "[" * 90 + "a," * 99_000 + "]" * 90).encode()
    yield "deep and wide keys", (HEAD + "phases: " + "{a: " * 90 + "{" + _keys(49_000) + "}" * 91).encode()
    yield "one long text", (HEAD + 'alias: "' + "a" * 3_900_000 + '"').encode()
    yield "one long key", (HEAD + "? " + "a" * 3_900_000 + "\n: 1\n").encode()
    yield "deep flow", (HEAD + "phases: " + "[" * 500_000).encode()
    yield "deep blocks", "".join(" " * n + "a:\n" for n in range(2_000)).encode()
    yield "question marks", b"? " * 1_000_000
    yield "many documents", (HEAD + "---\na: 1\n" * 300_000).encode()
    yield "a tag", (HEAD + "alias: !!python/object/apply:os.system [id]\n").encode()
    yield "a tag of its own", b"%TAG ! tag:yaml.org,2002:python/\n---\ntitle: !name:os.system x\n"
    yield "a tag that lies", (HEAD + "alias: !!int yes\n").encode()
    yield "a key twice", (HEAD + "title: again\n").encode()
    yield "a merge key", (HEAD + "<<: {alias: a}\n").encode()
    yield "a huge number", (HEAD + "limits: {max_parallel: " + "9" * 200_000 + "}\n").encode()
    yield "a number beyond numbers", (HEAD + "limits: {max_parallel: 1e999}\n").encode()
    yield "bytes", bytes(range(256)) * 100
    yield "a control character", (HEAD + 'alias: "\x1b]0;x\x07"\n').encode()
    yield "a shell's line", (HEAD + OPERATION % "command: rm -rf / $(id)").encode()
    yield "a shell", (HEAD + OPERATION % "command: [/bin/sh, -ec, 'echo ${x}']").encode()
    yield "a program from a reference", (HEAD + OPERATION % 'command: ["${x}", a]').encode()
    yield "a file address", (HEAD + OPERATION % "http: file:///etc/passwd").encode()
    yield "an unreadable address", (HEAD + OPERATION % "http: javascript:alert(1)").encode()


def _keys(count: int) -> str:
    return ",".join(f"k{number}: 1" for number in range(count))


def hostile_folders() -> Iterator[tuple[str, Iterator[str]]]:
    """Every attack that needs several files: what each of them holds."""
    yield "a folder of large files", ("notes: |\n" + "  a line of text\n" * 210_000 for _ in range(6))
    yield "a folder of nodes", ("phases: [" + "a," * 90_000 + "]" for _ in range(20))
    yield "a folder of unknown keys", ("".join(f"k{at}-{n}: 1\n" for n in range(2_000)) for at in range(60))
    yield "a folder of many files", ("phases: []\n" for _ in range(1_001))
    yield "a folder that says everything twice", (HEAD for _ in range(100))


def write_all(folder: Path) -> dict[str, Path]:
    """Write every attack; where each stands, by its name."""
    written = {}
    for name, text in hostile_files():
        written[name] = folder / f"{name.replace(' ', '-')}.yaml"
        written[name].write_bytes(text)
    for name, texts in hostile_folders():
        written[name] = folder / name.replace(" ", "-")
        written[name].mkdir()
        for number, part in enumerate(texts):
            (written[name] / f"{number:04d}.yaml").write_text(part)
    return written


def honest_folder(folder: Path, files: int, operations: int) -> Path:
    """A plan of so many files with so many operations each, of some 45 YAML nodes."""
    (folder / "plan.yaml").write_text(HEAD)
    for number in range(files):
        parts = (HONEST % {"id": f"op-{number}-{each}"} for each in range(operations))
        head = f'phases:\n  - id: "{number}"\n    title: P\n    subphases:\n'
        head += f'      - id: "{number}.1"\n        title: S\n        operations:\n'
        (folder / f"p{number}.yaml").write_text(head + "".join(parts))
    return folder
